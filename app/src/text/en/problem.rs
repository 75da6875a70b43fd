//! What is wrong with what a person gave, in English.

use relay::model::problem::Problem;

pub(super) fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Required => "This is needed.".to_owned(),
        Problem::TooLong { max } => format!("At most {max} characters."),
        Problem::TooShort { min } => format!("At least {min} characters."),
        Problem::BadCharacters => "Some of these characters cannot be used here.".to_owned(),
        Problem::Taken => "There is one of this name already. Choose another.".to_owned(),
        Problem::NotADay => "A day, such as 2026-11-24.".to_owned(),
        Problem::NotAPrice => "A price in dollars, such as 2.5.".to_owned(),
        Problem::BadUrl => "This is not a usable http:// or https:// address.".to_owned(),
        Problem::OutOfRange { min, max } => format!("Between {min} and {max}."),
        Problem::NotFound => "It does not exist any more.".to_owned(),
        Problem::WrongCredentials => "Name or password is not right.".to_owned(),
        Problem::NotAKey => "This is not a key: one is cr_ and 64 hex digits.".to_owned(),
        Problem::UnknownKey => "This key is not known here. It may have been deleted or replaced.".to_owned(),
        Problem::KeyDisabled => "This key is disabled. Ask whoever gave it to you.".to_owned(),
        Problem::KeyExpired { at } => format!("This key expired on {at}."),
        Problem::SameAsName => "The password must not be the name.".to_owned(),
        Problem::WrongPassword => "The present password is not right.".to_owned(),
        Problem::SlowDown { retry_after_s } => {
            format!("Too many tries. Try again in {retry_after_s}\u{202f}s.")
        }
        Problem::SetupLinkInvalid => {
            "This set-up link is not valid any more. The newest was printed when the server started."
                .to_owned()
        }
        Problem::SetupDone => "Set-up is done. Sign in instead.".to_owned(),
        Problem::SignedOut => "You are signed out. Sign in again.".to_owned(),
        Problem::SignInOver => "This sign-in is over, or was begun elsewhere. Begin again.".to_owned(),
        Problem::OtherSignIn => {
            "This code belongs to another sign-in. Open the link again and paste what it shows then."
                .to_owned()
        }
        Problem::AccessDenied => "Access was not allowed on the provider's page.".to_owned(),
        Problem::LinkPasted => {
            "This is the address to open. Paste what the page shows after you have allowed access.".to_owned()
        }
        Problem::NotPasted { why } => format!("This cannot be used: {why}."),
        Problem::CodeRefused { words } => {
            format!("The provider does not take this code: {words}. Open the link again for a new one.")
        }
        Problem::ProxyFailed { cause } => format!("The proxy failed: {cause}."),
        Problem::ProviderFailed { cause } => format!("The provider could not be asked: {cause}. Try again."),
        Problem::Misconfigured { cause } => format!("A setting is wrong: {cause}."),
        Problem::OtherOwner { wanted, found } => {
            format!("You signed in as {found}, but this account belongs to {wanted}.")
        }
        Problem::NeedsProject { words } => {
            format!("This account needs a Google Cloud project of its own. Give its id above. {words}")
        }
        Problem::NeedsVerification { link, words } => {
            format!("Google wants this account verified first, at {link}. {words}")
        }
        Problem::TicketOver => "This ticket is used up or too old. Exchange a code again.".to_owned(),
        Problem::Conflict { why } => why.clone(),
        Problem::Internal => "Something failed on the server; its log has the cause.".to_owned(),
    }
}
