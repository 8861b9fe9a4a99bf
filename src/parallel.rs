//! Work on several processors at once, for what takes long enough to be worth a thread. Results don't depend on how many
//! there are; a panic goes on in the caller.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// Does two things at once: the first one on a thread of its own.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), other)
    })
}

/// Does the same to all items, on threads that have at least so many items each, of which the caller's is one; the
/// results keep the items' order.
pub fn each<T: Sync, R: Send>(items: &[T], per_thread: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = threads.min(items.len() / per_thread).max(1);
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let mut chunks = items.chunks(items.len().div_ceil(threads));
        let own = chunks.next_back().unwrap_or_default();
        let running: Vec<_> =
            chunks.map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>())).collect();
        let own: Vec<R> = own.iter().map(work).collect();
        let others =
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        others.flatten().chain(own).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        for per_thread in [1, 7, 2000] {
            assert_eq!(each(&items, per_thread, |item| item + 1), (1..=1000).collect::<Vec<_>>());
        }
        assert_eq!(each(&[], 1, |(): &()| ()), []);
        assert_eq!(both(|| 1, || 2), (1, 2));
    }

    #[test]
    #[should_panic(expected = "seven")]
    fn a_panic_goes_on_in_the_caller() {
        let items: Vec<usize> = (0..10).collect();
        each(&items, 1, |item| assert!(*item != 7, "seven"));
    }
}
