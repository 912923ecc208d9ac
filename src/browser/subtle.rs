//! WebCrypto.
