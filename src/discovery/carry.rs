//! Answers to requests as JSON text, for another module of the page: what was fetched once is not fetched again.

use super::{Answered, CacheMode, Guard, RedirectMode, Request, Response, public_url};
use crate::json::{self, Value, quoted};
use crate::time::Time;

/// The answers that a server gave, as JSON. Failures stay behind: nothing follows from them that was not said already.
///
/// ```
/// use tokenscope::discovery::{Answered, Guard, Request, Response, carry, public_url};
/// let request = Request::new(public_url("https://issuer.example/jwks", &Guard::default()).unwrap());
/// let response = Response::Answered(Answered { status: 200, body: b"{}".to_vec(), ..Answered::default() });
/// let carried = carry::write(&[(request.clone(), response.clone())]);
/// assert_eq!(carry::read(&carried), [(request, response)]);
/// ```
pub fn write(responses: &[(Request, Response)]) -> String {
    let mut json = String::from("[");
    for (request, response) in responses {
        let Response::Answered(answered) = response else { continue };
        if json.len() > 1 {
            json.push(',');
        }
        json.push('[');
        let header = |value: &Option<String>| value.as_deref().map_or_else(|| "null".to_owned(), quoted);
        for part in [
            quoted(request.url.as_str()),
            u8::from(request.cache == CacheMode::Reload).to_string(),
            u8::from(request.redirect == RedirectMode::Follow).to_string(),
            answered.status.to_string(),
            quoted(&answered.url),
            header(&answered.content_type),
            header(&answered.cache_control),
            header(&answered.age),
            u8::from(answered.too_large).to_string(),
            answered.received.seconds().to_string(),
        ] {
            json.push_str(&part);
            json.push(',');
        }
        json.push_str(&quoted(&String::from_utf8_lossy(&answered.body)));
        json.push(']');
    }
    json.push(']');
    json
}

/// Reads what [`write`] wrote; what cannot be read is left out.
pub fn read(text: &str) -> Vec<(Request, Response)> {
    let document = json::read(text.as_bytes().to_vec());
    let items = document.root.as_ref().map(Value::items).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let number = |value: &Value| document.raw(value).parse::<i64>().ok();
    let one = |item: &Value| {
        let [url, cache, redirect, status, answering, content_type, cache_control, age, too_large, received, body] =
            item.items()
        else {
            return None;
        };
        // It was checked against the token before it was sent.
        let url = public_url(url.as_str()?, &Guard::default()).ok()?;
        let cache = if number(cache)? == 1 { CacheMode::Reload } else { CacheMode::Default };
        let redirect = if number(redirect)? == 1 { RedirectMode::Follow } else { RedirectMode::Manual };
        let answered = Answered {
            status: u16::try_from(number(status)?).ok()?,
            url: text(answering)?,
            content_type: text(content_type),
            cache_control: text(cache_control),
            age: text(age),
            body: body.as_str()?.as_bytes().to_vec(),
            too_large: number(too_large)? == 1,
            received: Time::from_seconds(number(received)?),
        };
        Some((Request { url, cache, redirect }, Response::Answered(answered)))
    };
    items.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_arrive_as_they_left() {
        let url = public_url("https://issuer.example/jwks?a=\"b\"", &Guard::default());
        let url = url.or_else(|_| public_url("https://issuer.example/jwks", &Guard::default())).unwrap();
        let request = Request::new(url).reload().follow();
        let answered = Answered {
            status: 404,
            url: "https://other.example/\u{2028}".to_owned(),
            content_type: Some("text/html; a=\"b\"".to_owned()),
            cache_control: None,
            age: Some("7".to_owned()),
            body: "{\"keys\":[]}\n\u{1f600}".as_bytes().to_vec(),
            too_large: true,
            received: Time::from_seconds(1_795_183_392),
        };
        let responses = vec![(request.clone(), Response::Answered(answered)), (request.through_cache(), failed())];
        assert_eq!(read(&write(&responses)), responses[..1]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for text in ["", "[]", "[[]]", "[[\"ftp://a\",0,0,200,\"\",null,null,null,0,0,\"\"]]", "{"] {
            assert!(read(text).is_empty(), "{text}");
        }
    }

    fn failed() -> Response {
        use super::super::{FailureCause, FetchFailure};
        let (origin, received) = ("null".to_owned(), Time::default());
        Response::Failed(FetchFailure { cause: FailureCause::Timeout, origin, received })
    }
}
