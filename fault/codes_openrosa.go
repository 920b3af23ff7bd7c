package fault

// Codes of openrosa.
const (
	OpenrosaNoAnswers      Code = "openrosa.no_answers"
	OpenrosaTwoAnswers     Code = "openrosa.two_answers"
	OpenrosaBody           Code = "openrosa.body"
	OpenrosaContentType    Code = "openrosa.content_type"
	OpenrosaEncoding       Code = "openrosa.encoding"
	OpenrosaAddress        Code = "openrosa.address"
	OpenrosaMethod         Code = "openrosa.method"
	OpenrosaTooLarge       Code = "openrosa.too_large"
	OpenrosaThrottled      Code = "openrosa.throttled"
	OpenrosaOtherOperation Code = "openrosa.other_operation"
	OpenrosaSpool          Code = "openrosa.spool"
	OpenrosaBusy           Code = "openrosa.busy"
	OpenrosaTimeout        Code = "openrosa.timeout"
)

func openrosaFaults() []Entry {
	return []Entry{
		{OpenrosaNoAnswers, Invalid, "the request holds no answers", "Send them as the part xml_submission_file; nothing of this request was kept."},
		{OpenrosaTwoAnswers, Invalid, "the request holds the part xml_submission_file twice", "Send each record in its own request; nothing of this one was kept."},
		{OpenrosaBody, Invalid, "the request could not be read to its end", "Send it again; nothing of it was kept."},
		{OpenrosaContentType, Invalid, "{type} is not a kind of content that is received here", "Send multipart/form-data, or the answers alone as text/xml."},
		{OpenrosaEncoding, Invalid, "the content encoding {encoding} is not known here", "Send the request as it is or with gzip."},
		{OpenrosaAddress, NotFound, "there is nothing at this address", "Scan the QR code again, or correct the server address of the app."},
		{OpenrosaMethod, Invalid, "this address does not answer {method}", "Use {allowed}."},
		{OpenrosaTooLarge, TooLarge, "the request is larger than {limit} or holds more than {parts} files", "The answers and the files before that point are kept; send fewer files at once."},
		{OpenrosaThrottled, Unauthenticated, "too many unknown devices asked from this network", "Wait a minute and try again; nothing is lost."},
		{OpenrosaOtherOperation, Forbidden, "this device does not work in the operation {operation}", "Scan the QR code again, or correct the server address of the app."},
		{OpenrosaSpool, Unavailable, "the server cannot take attachments now", "Try again later; nothing of this request was kept."},
		{OpenrosaBusy, Unavailable, "the server is receiving as much as it can", "Try again in a minute."},
		{OpenrosaTimeout, Unavailable, "the server could not store this in time", "Send it again in a minute; what is stored already is recognised."},
	}
}
