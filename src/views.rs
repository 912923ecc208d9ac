//! The views that are loaded when they are first opened. Each fills templates of `www/index.html`, as the page does.
