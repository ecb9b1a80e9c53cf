//! Reading an edition's files into a [`super::Framework`].
