//! What can be wrong with what a person gave, as values that the console puts into words.

use serde::{Deserialize, Serialize};

/// What is wrong. Each has a text in every language of the console, and one here for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was given.
    #[error("this is required")]
    Required,
    /// Longer than allowed.
    #[error("at most {max} characters")]
    TooLong {
        /// Characters.
        max: u32,
    },
    /// Shorter than allowed.
    #[error("at least {min} characters")]
    TooShort {
        /// Characters.
        min: u32,
    },
    /// Control characters, or characters that the field cannot hold.
    #[error("contains characters that are not allowed here")]
    BadCharacters,
    /// Another one has this name.
    #[error("this name is taken")]
    Taken,
    /// Not an `http` or `https` address, or one with user, query or fragment.
    #[error("not a usable http:// or https:// address")]
    BadUrl,
    /// Out of bounds.
    #[error("must be between {min} and {max}")]
    OutOfRange {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// Not a price in dollars between 0 and a million, with at most nine decimals.
    #[error("must be a price in dollars, such as 2.5")]
    NotAPrice,
    /// Not a day like `2026-11-24`, nor an instant like `2026-11-24T12:00:00Z`.
    #[error("must be a day, such as 2026-11-24, or an instant, such as 2026-11-24T12:00:00Z")]
    NotADay,
    /// No such thing (any more).
    #[error("does not exist, or was deleted")]
    NotFound,
    /// Name or password; which of them is not told.
    #[error("name or password is wrong")]
    WrongCredentials,
    /// Not a client key at all.
    #[error("a key is cr_ and 64 hex digits")]
    NotAKey,
    /// A client key that there is not, or not any more.
    #[error("this key is unknown; it may have been deleted or replaced")]
    UnknownKey,
    /// A client key that the operator has disabled.
    #[error("this key is disabled")]
    KeyDisabled,
    /// A client key whose time is over.
    #[error("this key expired on {at}")]
    KeyExpired {
        /// Day and time in the configured time zone.
        at: String,
    },
    /// A password that is the administrator's name.
    #[error("must not be the name")]
    SameAsName,
    /// The present password is wrong.
    #[error("the present password is wrong")]
    WrongPassword,
    /// Too many wrong tries.
    #[error("too many tries; try again in {retry_after_s} s")]
    SlowDown {
        /// Seconds.
        retry_after_s: u32,
    },
    /// The set-up link is used up, replaced or mistyped.
    #[error("this set-up link is not valid any more; the newest one was printed when the server started")]
    SetupLinkInvalid,
    /// An administrator exists already.
    #[error("set-up is done; sign in instead")]
    SetupDone,
    /// No session, or one that ended.
    #[error("sign in again")]
    SignedOut,
    /// The sign-in took longer than ten minutes, is done, or was begun elsewhere.
    #[error("this sign-in is over; begin again")]
    SignInOver,
    /// The pasted code came with the state of another sign-in.
    #[error("this code belongs to another sign-in; open the link again and paste what it shows then")]
    OtherSignIn,
    /// Access was not allowed on the provider's page.
    #[error("access was not allowed on the provider's page")]
    AccessDenied,
    /// What was pasted is the address to open.
    #[error("this is the address to open; paste what the page shows after allowing access")]
    LinkPasted,
    /// What was pasted holds no code or token.
    #[error("{why}")]
    NotPasted {
        /// What is wrong with it, in the operator's words.
        why: String,
    },
    /// The provider does not take the code: wrong, used, or expired.
    #[error("the provider does not take this code ({words}); open the link again for a new one")]
    CodeRefused {
        /// The provider's words.
        words: String,
    },
    /// The account's proxy failed.
    #[error("{cause}")]
    ProxyFailed {
        /// Which and how.
        cause: String,
    },
    /// The provider could not be reached, or failed.
    #[error("{cause}")]
    ProviderFailed {
        /// How.
        cause: String,
    },
    /// A setting is missing or wrong.
    #[error("{cause}")]
    Misconfigured {
        /// Which and how.
        cause: String,
    },
    /// Somebody else signed in than the account belongs to.
    #[error("this sign-in is of {found}, the account belongs to {wanted}")]
    OtherOwner {
        /// Whose the account is.
        wanted: String,
        /// Who signed in.
        found: String,
    },
    /// Code Assist wants a project of the operator's own.
    #[error("this account needs a project of its own: {words}")]
    NeedsProject {
        /// The provider's words.
        words: String,
    },
    /// The provider wants the person verified first.
    #[error("the provider wants this account verified first, at {link}: {words}")]
    NeedsVerification {
        /// Where.
        link: String,
        /// The provider's words.
        words: String,
    },
    /// A ticket for tokens is used up, expired or none.
    #[error("this ticket for tokens is used up or expired; exchange a code again")]
    TicketOver,
    /// Not possible in this state; why, in the operator's words.
    #[error("{why}")]
    Conflict {
        /// The reason.
        why: String,
    },
    /// Something failed that is not the person's fault; details are in the log.
    #[error("something went wrong here; the log has the cause")]
    Internal,
}

/// A problem and the form field that it belongs to; an empty field means the whole form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct FieldProblem {
    /// The field's name in the form and in JSON.
    pub field: String,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

impl FieldProblem {
    /// A problem with one field.
    pub fn at(field: &str, problem: Problem) -> Self {
        Self { field: field.to_owned(), problem }
    }

    /// A problem with the whole.
    pub fn whole(problem: Problem) -> Self {
        Self { field: String::new(), problem }
    }
}
