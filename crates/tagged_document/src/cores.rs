//! Work shared out among all cores.

use std::cmp::Reverse;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What `each` makes of every item, in the order of the items, on as many threads as there are cores. Each thread has a state of its
/// own, which `begin` makes before its first item. A panic is handed on.
pub fn on_all_cores<T: Send, S, R: Send>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    begin: impl Fn() -> S + Sync,
    each: impl Fn(&mut S, T) -> R + Sync,
) -> Vec<R> {
    let waiting = Mutex::new(items.into_iter().enumerate());
    let some = || {
        let (mut state, mut done) = (None, Vec::new());
        loop {
            let Some((i, item)) = waiting.lock().unwrap_or_else(PoisonError::into_inner).next() else { return done };
            done.push((i, each(state.get_or_insert_with(&begin), item)));
        }
    };
    let others = thread::available_parallelism().map_or(0, |cores| NonZero::get(cores) - 1);
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(some)).collect();
        let mut all = some();
        for thread in others {
            all.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    });
    all.sort_unstable_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, made)| made).collect()
}

/// As [`on_all_cores`], taking the items of the greatest `size` first, so that no core is left alone with a large one in the end.
pub fn largest_first_on_all_cores<T: Send, S, R: Send>(
    items: impl IntoIterator<Item = T>,
    size: impl Fn(&T) -> usize,
    begin: impl Fn() -> S + Sync,
    each: impl Fn(&mut S, T) -> R + Sync,
) -> Vec<R> {
    let mut by_size: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    by_size.sort_by_key(|(_, item)| Reverse(size(item)));
    let mut made = on_all_cores(by_size, begin, |state, (place, item)| (place, each(state, item)));
    made.sort_unstable_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn what_is_made_stands_in_the_order_of_the_items() {
        assert_eq!(on_all_cores(0..1_000, || (), |(), i| i * 2), (0..1_000).map(|i| i * 2).collect::<Vec<_>>());
    }

    #[test]
    fn the_largest_is_taken_first_and_stands_where_it_stood() {
        let next = AtomicUsize::new(0);
        let turn = |(): &mut (), i: usize| (i, next.fetch_add(1, Ordering::SeqCst));
        let made = largest_first_on_all_cores(0..1_000, |i| *i, || (), turn);
        assert!(made.iter().map(|(i, _)| *i).eq(0..1_000));
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        assert!(made[999].1 < cores, "the largest was taken as number {}", made[999].1);
    }

    #[test]
    fn a_panic_is_handed_on() {
        let made = std::panic::catch_unwind(|| on_all_cores(0..10, || (), |(), i| assert_ne!(i, 7, "the seventh")));
        assert!(made.is_err());
    }
}
