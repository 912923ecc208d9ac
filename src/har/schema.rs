//! The places of a HAR file that matter, as a table: everything else is passed over.
//!
//! The format is [HAR 1.2](http://www.softwareishard.com/blog/har-12-spec/); members with an underscore are the
//! recorders' own. Files in the wild differ from it: `log` may be missing, and headers may be an object.

use Place::*;

/// Where in the file a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere that matters.
    Elsewhere,
    /// A whole document, or an item of an outermost array. It may also be an entry by itself.
    Root,
    /// `log`
    Log,
    /// `log.creator`, or `log.browser`, which some recorders write alone.
    Recorder,
    RecorderName,
    RecorderVersion,
    Pages,
    Page,
    PageId,
    PageTitle,
    Entries,
    Entry,
    Started,
    Duration,
    PageReference,
    ResourceType,
    FetchType,
    FromCache,
    Initiator,
    InitiatorType,
    Request,
    Method,
    Url,
    RequestHeaders,
    RequestHeader,
    RequestHeaderName,
    RequestHeaderValue,
    RequestCookies,
    RequestCookie,
    RequestCookieValue,
    PostData,
    PostParameters,
    PostParameter,
    PostText,
    Response,
    Status,
    RedirectUrl,
    ResponseHeaders,
    ResponseHeader,
    ResponseHeaderName,
    ResponseHeaderValue,
    ResponseCookies,
    ResponseCookie,
    ResponseCookieValue,
    Content,
    MimeType,
    BodyText,
    BodyEncoding,
    Error,
    ErrorText,
    Messages,
    Message,
    MessageData,
}

/// What becomes of a string at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// It is passed over.
    Nothing,
    /// It is kept, up to a limit.
    Text,
    /// It is looked through for tokens while it passes, and not kept.
    Tokens,
}

/// Parent, name of the member, and the place that it is. `""` stands for every item of an array.
const TABLE: &[(Place, &str, Place)] = &[
    (Root, "", Root),
    (Root, "log", Log),
    (Root, "entries", Entries),
    (Log, "creator", Recorder),
    (Log, "browser", Recorder),
    (Log, "pages", Pages),
    (Log, "entries", Entries),
    (Recorder, "name", RecorderName),
    (Recorder, "version", RecorderVersion),
    (Pages, "", Page),
    (Page, "id", PageId),
    (Page, "title", PageTitle),
    (Entries, "", Entry),
    (Entry, "startedDateTime", Started),
    (Entry, "time", Duration),
    (Entry, "pageref", PageReference),
    (Entry, "request", Request),
    (Entry, "response", Response),
    (Entry, "_resourceType", ResourceType),
    (Entry, "_fetchType", FetchType),
    (Entry, "_fromCache", FromCache),
    (Entry, "_initiator", Initiator),
    (Entry, "_error", Error),
    (Entry, "_webSocketMessages", Messages),
    (Initiator, "type", InitiatorType),
    (Request, "method", Method),
    (Request, "url", Url),
    (Request, "headers", RequestHeaders),
    (Request, "cookies", RequestCookies),
    (Request, "postData", PostData),
    (RequestHeaders, "", RequestHeader),
    (RequestHeader, "name", RequestHeaderName),
    (RequestHeader, "value", RequestHeaderValue),
    (RequestCookies, "", RequestCookie),
    (RequestCookie, "value", RequestCookieValue),
    (PostData, "text", PostText),
    (PostData, "params", PostParameters),
    (PostParameters, "", PostParameter),
    (PostParameter, "value", PostText),
    (Response, "status", Status),
    (Response, "headers", ResponseHeaders),
    (Response, "cookies", ResponseCookies),
    (Response, "redirectURL", RedirectUrl),
    (Response, "content", Content),
    (Response, "_error", Error),
    (ResponseHeaders, "", ResponseHeader),
    (ResponseHeader, "name", ResponseHeaderName),
    (ResponseHeader, "value", ResponseHeaderValue),
    (ResponseCookies, "", ResponseCookie),
    (ResponseCookie, "value", ResponseCookieValue),
    (Content, "mimeType", MimeType),
    (Content, "text", BodyText),
    (Content, "encoding", BodyEncoding),
    (Error, "message", ErrorText),
    (Error, "code", ErrorText),
    (Messages, "", Message),
    (Message, "data", MessageData),
];

impl Place {
    /// The place of a member of this one; `""` for an item of an array.
    pub(super) fn child(self, name: &str) -> Place {
        if self == Elsewhere {
            return Elsewhere;
        }
        let found = |parent: Place| TABLE.iter().find(|row| row.0 == parent && row.1 == name).map(|row| row.2);
        // A document that is an entry by itself, as where each line is one.
        let found = found(self).or_else(|| if self == Root && !name.is_empty() { found(Entry) } else { None });
        match (self, found) {
            (_, Some(place)) => place,
            // Headers as an object: each member is a header.
            (RequestHeaders, None) => RequestHeaderValue,
            (ResponseHeaders, None) => ResponseHeaderValue,
            _ => Elsewhere,
        }
    }

    /// What becomes of a string here.
    pub(super) fn wants(self) -> Want {
        match self {
            RecorderName | RecorderVersion | PageId | PageTitle | Started | Duration | PageReference | ResourceType
            | FetchType | FromCache | Initiator | InitiatorType | Method | Url | RequestHeaderName
            | RequestHeaderValue | Status | RedirectUrl | ResponseHeaderName | ResponseHeaderValue | MimeType
            | BodyEncoding | Error | ErrorText => Want::Text,
            RequestCookieValue | ResponseCookieValue | PostText | BodyText | MessageData => Want::Tokens,
            _ => Want::Nothing,
        }
    }
}
