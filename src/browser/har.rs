//! Carries a HAR file through its reader, a slice at a time, so that the thread stays free for others.

use std::future::Future;

use js_sys::{Date, Function, JSON, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::clock;
use crate::har::{self, Analysis, Reader, Recording};

/// How much is read at once: a few milliseconds of work.
const SLICE: f64 = 262_144.0;

/// How often progress is told at most, in milliseconds.
const BETWEEN: f64 = 50.0;

/// How long the thread is kept between two pauses, in milliseconds.
const TASK: f64 = 16.0;

/// Reads a file and analyses it. Resolves with the object that `docs/har.md` describes.
///
/// `on_progress` is called with `{ read, total, entries, causes }`; when it returns `false` reading stops, and what was
/// read is analysed. With `reveal` the tokens have their text.
///
/// # Errors
///
/// When the browser can't read the file, and when `on_progress` throws, with what it threw.
pub async fn analyse(file: &Blob, on_progress: Option<Function>, reveal: bool) -> Result<JsValue, JsValue> {
    let mut reading = Reading { reader: Reader::new(), on_progress, total: file.size(), ..Reading::default() };
    let is_stopped = reading.read(file).await?;
    let mut recording = reading.reader.finish();
    recording.shape.is_stopped = is_stopped;
    let now = clock::now();
    let mut analysis = Analysis::without_tokens(recording);
    let mut begun = Date::now();
    while analysis.read_token(now) {
        if Date::now() - begun > TASK {
            pause().await;
            begun = Date::now();
        }
    }
    pause().await;
    JSON::parse(&har::json::text(&analysis, reveal, now))
}

#[derive(Default)]
struct Reading {
    reader: Reader,
    on_progress: Option<Function>,
    total: f64,
    /// When progress was told last.
    told: f64,
    /// The groups so far, as JSON, and of how many entries.
    causes: String,
    grouped: usize,
}

impl Reading {
    /// Whether reading was stopped.
    async fn read(&mut self, file: &Blob) -> Result<bool, JsValue> {
        let mut offset = 0.0;
        // The next slice is on its way while this one is looked at.
        let mut next = slice(file, 0.0);
        while offset < self.total {
            let bytes = next.await.map_err(|_| unreadable())?;
            offset += SLICE;
            next = slice(file, offset);
            self.reader.push(&bytes);
            if !self.tell(offset >= self.total)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells how far reading has come. Whether it goes on.
    fn tell(&mut self, is_last: bool) -> Result<bool, JsValue> {
        let Some(on_progress) = &self.on_progress else { return Ok(true) };
        let now = Date::now();
        if now - self.told < BETWEEN && !is_last {
            return Ok(true);
        }
        self.told = now;
        let recording: &Recording = self.reader.so_far();
        // Grouping looks at every entry, so it is done anew only when there are a quarter more of them.
        let count = recording.entries.len();
        if self.causes.is_empty() || (count > self.grouped + self.grouped / 4 && !is_last) {
            self.causes = har::json::causes_so_far(recording, clock::now());
            self.grouped = count;
        }
        let progress = self.reader.progress();
        let text = [
            r#"{"read":"#,
            &progress.bytes.to_string(),
            r#","total":"#,
            &(self.total as u64).to_string(),
            r#","entries":"#,
            &progress.entries.to_string(),
            r#","causes":"#,
            &self.causes,
            "}",
        ]
        .concat();
        let answer = on_progress.call1(&JsValue::UNDEFINED, &JSON::parse(&text)?)?;
        Ok(answer.as_bool() != Some(false))
    }
}

/// The bytes of a slice. The browser begins to read at once, not when it is awaited.
fn slice(file: &Blob, from: f64) -> impl Future<Output = Result<Vec<u8>, JsValue>> + use<> {
    let bytes = file.slice_with_f64_and_f64(from, from + SLICE).map(|slice| JsFuture::from(slice.array_buffer()));
    async move { Ok(Uint8Array::new(&bytes?.await?).to_vec()) }
}

/// Lets others have the thread for a moment: an empty answer comes as a task of its own.
async fn pause() {
    if let Ok(empty) = Blob::new() {
        let _ = JsFuture::from(empty.array_buffer()).await;
    }
}

fn unreadable() -> JsValue {
    js_sys::Error::new("the file could not be read: it may have been moved or changed").into()
}
