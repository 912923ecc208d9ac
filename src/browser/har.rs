//! Carries a HAR file through its reader, a slice at a time, so that the thread stays free for others.

use js_sys::{Date, Function, JSON, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader, ReadableStreamReadResult};

use super::clock;
use crate::har::{self, Analysis, Reader};

/// How much is looked at between two looks at the clock: a millisecond or two of work.
const SLICE: u32 = 262_144;

/// How often progress is told at most, in milliseconds.
const BETWEEN: f64 = 50.0;

/// How long the thread is kept between two pauses, in milliseconds.
const TASK: f64 = 8.0;

/// Reads a file and analyses it. Resolves with the object that `docs/har.md` describes.
///
/// `on_progress` is called with `{ read, total, entries, causes }`; when it returns `false` reading stops, and what was
/// read is analysed. With `reveal` the tokens have their text.
///
/// # Errors
///
/// When the browser can't read the file, and when `on_progress` throws, with what it threw.
pub async fn analyse(file: &Blob, on_progress: Option<Function>, reveal: bool) -> Result<JsValue, JsValue> {
    let mut pauses = Pauses { file, begun: Date::now() };
    let mut reading = Reading { on_progress, total: file.size(), ..Reading::default() };
    let is_stopped = reading.read(file, &mut pauses).await?;
    let mut recording = reading.reader.finish();
    recording.shape.is_stopped = is_stopped;
    let now = clock::now();
    pauses.after_a_while().await;
    let mut analysis = Analysis::begin(recording);
    while analysis.step(now) {
        pauses.after_a_while().await;
    }
    let mut writing = har::json::Writing::begin(&analysis, reveal, now);
    while writing.step() {
        pauses.after_a_while().await;
    }
    JSON::parse(&writing.text)
}

/// When grouping took longer than this, in milliseconds, the groups so far stay as they are until the end.
const LONGEST_GROUPING: f64 = 30.0;

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
    /// How long grouping took last, in milliseconds.
    cost: f64,
}

impl Reading {
    /// Whether reading was stopped.
    async fn read(&mut self, file: &Blob, pauses: &mut Pauses<'_>) -> Result<bool, JsValue> {
        let reader: ReadableStreamDefaultReader = file.stream().get_reader().unchecked_into();
        loop {
            let part = JsFuture::from(reader.read()).await.map_err(|_| unreadable())?;
            let part: ReadableStreamReadResult = part.unchecked_into();
            if part.get_done() == Some(true) {
                self.told = 0.0;
                self.tell()?;
                return Ok(false);
            }
            let chunk: Uint8Array = part.get_value().unchecked_into();
            let mut from = 0;
            while from < chunk.length() {
                self.reader.push(&chunk.subarray(from, from.saturating_add(SLICE).min(chunk.length())).to_vec());
                from = from.saturating_add(SLICE);
                if !self.tell()? {
                    // Nobody waits for the stream to end.
                    let _ = reader.cancel();
                    return Ok(true);
                }
                pauses.after_a_while().await;
            }
        }
    }

    /// Tells how far reading has come. Whether it goes on.
    fn tell(&mut self) -> Result<bool, JsValue> {
        let Some(on_progress) = &self.on_progress else { return Ok(true) };
        let now = Date::now();
        if now - self.told < BETWEEN {
            return Ok(true);
        }
        self.told = now;
        let recording = self.reader.so_far();
        // Grouping looks at every entry, so it is done anew only when there are a quarter more of them, and no more when
        // it would keep the thread.
        let count = recording.entries.len();
        if self.causes.is_empty() || (count > self.grouped + self.grouped / 4 && self.cost < LONGEST_GROUPING) {
            self.causes = har::json::causes_so_far(recording, clock::now());
            self.grouped = count;
            self.cost = Date::now() - now;
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

/// Lets others have the thread from time to time.
struct Pauses<'a> {
    file: &'a Blob,
    begun: f64,
}

impl Pauses<'_> {
    /// A byte of the file comes as a task of its own, and sooner than any timer.
    async fn after_a_while(&mut self) {
        if Date::now() - self.begun < TASK {
            return;
        }
        if let Ok(byte) = self.file.slice_with_f64_and_f64(0.0, 1.0) {
            // A file that can't be read any more is noticed where it is read.
            let _ = JsFuture::from(byte.array_buffer()).await;
        }
        self.begun = Date::now();
    }
}

fn unreadable() -> JsValue {
    js_sys::Error::new("the file could not be read: it may have been moved or changed").into()
}
