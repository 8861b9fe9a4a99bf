//! A set of named things: found by name, kept in the order in which they were declared, equal to another
//! set whatever the order. Copies share their content until one of them changes, because a plan and a run keep many
//! states that differ in one table.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use indexmap::map::Entry;

/// Something that a [`Collection`] holds under its own name.
pub trait Named: Clone {
    /// The type of the name.
    type Key: Clone + Ord + Hash + fmt::Display;

    /// The name.
    fn key(&self) -> &Self::Key;

    /// Takes another name.
    fn set_key(&mut self, key: Self::Key);
}

/// Names are hashed more often than anything else is done with them.
type Items<T> = IndexMap<<T as Named>::Key, T, RandomState>;

/// Named things in declaration order; two are equal when they hold equal things in any order.
#[derive(Clone)]
pub struct Collection<T: Named>(Arc<Items<T>>);

impl<T: Named> Collection<T> {
    /// An empty collection.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Items::<T>::default()))
    }

    /// An empty collection with room for so many things.
    #[must_use]
    pub fn with_capacity(things: usize) -> Self {
        Self(Arc::new(Items::<T>::with_capacity_and_hasher(things, RandomState::default())))
    }

    /// Adds a thing at the end.
    ///
    /// # Errors
    /// Gives the thing back when its name is taken.
    pub fn insert(&mut self, item: T) -> Result<(), T> {
        match self.own().entry(item.key().clone()) {
            Entry::Occupied(_) => Err(item),
            Entry::Vacant(place) => {
                place.insert(item);
                Ok(())
            }
        }
    }

    /// Puts a thing in the place of the one with the same name, or at the end.
    pub fn replace(&mut self, item: T) -> Option<T> {
        self.own().insert(item.key().clone(), item)
    }

    /// Takes a thing out; the others keep their order.
    pub fn remove(&mut self, key: &T::Key) -> Option<T> {
        if !self.contains(key) {
            return None;
        }
        self.own().shift_remove(key)
    }

    /// Keeps the things of which this is true, in their order.
    pub fn retain(&mut self, is_kept: impl Fn(&T) -> bool) {
        if !self.iter().all(&is_kept) {
            self.own().retain(|_, item| is_kept(item));
        }
    }

    /// Gives a thing another name at its place. Returns false, and changes nothing, when `from` is missing
    /// or `to` is taken.
    pub fn rename(&mut self, from: &T::Key, to: T::Key) -> bool {
        if *from == to || !self.contains(from) || self.contains(&to) {
            return false;
        }
        let items = self.own();
        let Some((index, _, item)) = items.get_full_mut(from) else { return false };
        item.set_key(to.clone());
        items.replace_index(index, to).is_ok()
    }

    /// The thing with this name.
    #[must_use]
    pub fn get(&self, key: &T::Key) -> Option<&T> {
        self.0.get(key)
    }

    /// The thing with this name, to be changed in all but its name.
    pub fn get_mut(&mut self, key: &T::Key) -> Option<&mut T> {
        if !self.contains(key) {
            return None;
        }
        self.own().get_mut(key)
    }

    /// Whether there is a thing with this name.
    #[must_use]
    pub fn contains(&self, key: &T::Key) -> bool {
        self.0.contains_key(key)
    }

    /// The things in declaration order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + Clone {
        self.0.values()
    }

    /// The things in declaration order, to be changed in all but their names.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.own().values_mut()
    }

    /// The things by name.
    #[must_use]
    pub fn sorted(&self) -> Vec<&T> {
        let mut items: Vec<&T> = self.0.values().collect();
        items.sort_unstable_by(|a, b| a.key().cmp(b.key()));
        items
    }

    /// The names in declaration order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &T::Key> + ExactSizeIterator + Clone {
        self.0.keys()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The content, not shared with a copy any more.
    fn own(&mut self) -> &mut Items<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<T: Named> Default for Collection<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Named + PartialEq> PartialEq for Collection<T> {
    fn eq(&self, other: &Self) -> bool {
        // Mostly the order is the same too, and nothing has to be looked up.
        Arc::ptr_eq(&self.0, &other.0)
            || match self.keys().eq(other.keys()) {
                true => self.iter().eq(other),
                false => self.0 == other.0,
            }
    }
}

impl<T: Named + Eq> Eq for Collection<T> {}

impl<T: Named + fmt::Debug> fmt::Debug for Collection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.values()).finish()
    }
}

/// Collects; of two things with the same name the later one stays.
impl<T: Named> FromIterator<T> for Collection<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Arc::new(items.into_iter().map(|item| (item.key().clone(), item)).collect()))
    }
}

impl<'a, T: Named> IntoIterator for &'a Collection<T> {
    type Item = &'a T;
    type IntoIter = indexmap::map::Values<'a, T::Key, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.values()
    }
}

impl<T: Named> IntoIterator for Collection<T> {
    type Item = T;
    type IntoIter = indexmap::map::IntoValues<T::Key, T>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_values()
    }
}

/// Implements [`Named`] for a struct with a `name` field.
macro_rules! named {
    ($($type:ty: $key:ty),+ $(,)?) => {
        $(impl $crate::model::Named for $type {
            type Key = $key;

            fn key(&self) -> &$key {
                &self.name
            }

            fn set_key(&mut self, key: $key) {
                self.name = key;
            }
        })+
    };
}
pub(crate) use named;
