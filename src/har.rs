//! HTTP archives (HAR): recordings of the network by browsers and proxies, read in chunks and never held as a whole.
