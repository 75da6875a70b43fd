//! A value that came with the page and is fetched again whenever it may have changed, without blanking anything.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use crate::api::error::ApiError;

/// Many changes in so short a time make one fetch.
const SOON: Duration = Duration::from_secs(3);

type Fetch<T> = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send>> + Send + Sync>;

/// The newest value that could be read.
pub(crate) struct Fresh<T: Send + Sync + 'static> {
    /// What to draw.
    pub(crate) shown: RwSignal<T>,
    /// The newest could not be read.
    pub(crate) failed: RwSignal<bool>,
    fetch: StoredValue<Fetch<T>>,
    /// Grows with each fetch, so that an answer that was overtaken is dropped.
    fetches: StoredValue<u32>,
    due: StoredValue<bool>,
}

impl<T: Send + Sync + 'static> Clone for Fresh<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fresh<T> {}

impl<T: Send + Sync + 'static> Fresh<T> {
    /// Begins with what came with the page.
    pub(crate) fn new<F>(first: T, fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<T, ApiError>> + Send + 'static,
    {
        let fetch: Fetch<T> = Arc::new(move || Box::pin(fetch()));
        Self {
            shown: RwSignal::new(first),
            failed: RwSignal::new(false),
            fetch: StoredValue::new(fetch),
            fetches: StoredValue::new(0),
            due: StoredValue::new(false),
        }
    }

    /// Fetches now.
    pub(crate) fn reload(self) {
        let fetch = self.fetches.get_value() + 1;
        self.fetches.set_value(fetch);
        let value = self.fetch.with_value(|fetch| fetch());
        leptos::task::spawn_local(async move {
            let read = value.await;
            // The page may be gone by now, or a later fetch under way.
            if self.fetches.try_get_value() != Some(fetch) {
                return;
            }
            match read {
                Ok(value) => {
                    self.shown.set(value);
                    self.failed.set(false);
                }
                // The answer itself leads to sign-in.
                Err(ApiError::SignedOut) => {}
                Err(_) => self.failed.set(true),
            }
        });
    }

    /// Fetches a little later, once for however many that ask.
    pub(crate) fn reload_soon(self) {
        if self.due.get_value() {
            return;
        }
        self.due.set_value(true);
        set_timeout(
            move || {
                if self.due.try_get_value().is_some() {
                    self.due.set_value(false);
                    self.reload();
                }
            },
            SOON,
        );
    }

    /// Fetches whenever this changes.
    pub(crate) fn follow(self, changed: impl Track + Send + Sync + 'static) {
        Effect::watch(move || changed.track(), move |(), _, _| self.reload(), false);
    }
}
