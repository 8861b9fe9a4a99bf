//! How long a run stands aside for the application: a transaction that meets a lock is rolled back as a whole
//! and tried again later, so that what waits behind the lock is let through in between.

use std::time::{Duration, Instant};

use crate::runner::lock::jittered;

/// How patient a run is with locks of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The first pause; each further one is twice as long.
    pub pause_min: Duration,
    /// The longest pause.
    pub pause_max: Duration,
    /// When to give up, counted from the first try.
    pub total: Duration,
}

impl Patience {
    /// Giving up after so long.
    #[must_use]
    pub fn of(total: Duration) -> Self {
        Self { pause_min: Duration::from_millis(50), pause_max: Duration::from_secs(10), total }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::of(Duration::from_secs(60))
    }
}

/// The tries of one transaction.
#[derive(Debug)]
pub(super) struct Tries {
    patience: Patience,
    start: Instant,
    next: Duration,
    count: u32,
}

impl Tries {
    pub(super) fn new(patience: Patience) -> Self {
        Self { patience, start: Instant::now(), next: patience.pause_min, count: 0 }
    }

    /// How many tries have failed.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// How long to wait before the next try; `None` when patience is at its end.
    pub(super) fn pause(&mut self) -> Option<Duration> {
        let pause = jittered(self.next);
        if self.start.elapsed() + pause > self.patience.total {
            return None;
        }
        self.next = (self.next * 2).min(self.patience.pause_max);
        self.count += 1;
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_bound_and_end() {
        let second = Duration::from_secs(1);
        let mut tries = Tries::new(Patience { pause_min: second, pause_max: second * 3, total: second * 60 });
        for longest in [1, 2, 3, 3].map(|n| second * n) {
            let pause = tries.pause().unwrap();
            assert!(pause >= longest / 2 && pause <= longest, "{pause:?} of {longest:?}");
        }
        assert_eq!(tries.count(), 4);
        let mut none = Tries::new(Patience { pause_min: second, pause_max: second, total: Duration::ZERO });
        assert_eq!(none.pause(), None);
    }
}
