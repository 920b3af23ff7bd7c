package fault

// Codes of the workflow.
const (
	WorkflowForbidden       Code = "workflow.forbidden"
	WorkflowNoOperation     Code = "workflow.no_operation"
	WorkflowOperationExists Code = "workflow.operation_exists"
	WorkflowSlug            Code = "workflow.slug"
	WorkflowCountry         Code = "workflow.country"
	WorkflowTimeZone        Code = "workflow.time_zone"
	WorkflowRoundNumber     Code = "workflow.round_number"
	WorkflowDate            Code = "workflow.date"
	WorkflowPeriod          Code = "workflow.period"
	WorkflowNoActivity      Code = "workflow.no_activity"
	WorkflowNoRound         Code = "workflow.no_round"
	WorkflowNoForm          Code = "workflow.no_form"
	WorkflowNoDevice        Code = "workflow.no_device"
	WorkflowNoCredentials   Code = "workflow.no_credentials"
	WorkflowDevicePaused    Code = "workflow.device_paused"
	WorkflowConflict        Code = "workflow.conflict"
	WorkflowUnknownForm     Code = "workflow.unknown_form"
	WorkflowUnreadable      Code = "workflow.unreadable"
	WorkflowAttachmentLarge Code = "workflow.attachment_too_large"
	WorkflowSubmissionLarge Code = "workflow.submission_too_large"
	WorkflowNoMedia         Code = "workflow.no_media"
	WorkflowNoImport        Code = "workflow.no_import"
	WorkflowImportUndone    Code = "workflow.import_undone"
	WorkflowBlocked         Code = "workflow.blocked"
	WorkflowNoMeasure       Code = "workflow.no_measure"
	WorkflowPassword        Code = "workflow.password"
	WorkflowRole            Code = "workflow.role"
	WorkflowPersonExists    Code = "workflow.person_exists"
	WorkflowNoPerson        Code = "workflow.no_person"
	WorkflowManyTools       Code = "workflow.many_tools"
	WorkflowRoundClosed     Code = "workflow.round_closed"
	WorkflowChainBroken     Code = "workflow.chain_broken"
	WorkflowBlobBad         Code = "workflow.blob_bad"
	WorkflowUnchecked       Code = "workflow.unchecked"
	WorkflowClosedDates     Code = "workflow.closed_dates"
	WorkflowDeviceExists    Code = "workflow.device_exists"
	WorkflowDeviceRevoked   Code = "workflow.device_revoked"
	WorkflowDeviceArea      Code = "workflow.device_area"
	WorkflowDevicePoint     Code = "workflow.device_point"
)

func workflowFaults() []Entry {
	return []Entry{
		{WorkflowForbidden, Forbidden, "{actor} may not do {verb} in {operation}", "Ask the administrator for the right, or sign in as someone who has it."},
		{WorkflowNoOperation, NotFound, "there is no operation {operation} here (known: {known})", "Name one with --operation, or make it with operation create."},
		{WorkflowOperationExists, Conflict, "there is an operation {operation} already", "Use it, or choose another slug."},
		{WorkflowSlug, Invalid, "{slug} cannot be the key of an operation", "Use lower-case letters a to z, digits and hyphens, such as south-sudan."},
		{WorkflowCountry, Invalid, "{country} is not a country code", "Use the three letters of ISO 3166-1, such as TJK; XSF is the practice country."},
		{WorkflowTimeZone, Invalid, "{zone} is not a time zone", "Use an IANA name such as Asia/Dushanbe."},
		{WorkflowRoundNumber, Invalid, "{round} is not a round number", "Rounds are numbered from 1; give it with --round."},
		{WorkflowDate, Invalid, "{date} is not a date", "Write it as YYYY-MM-DD."},
		{WorkflowPeriod, Invalid, "the period ends on {end}, before it starts on {start}", "Exchange the two dates or mend the wrong one."},
		{WorkflowNoActivity, NotFound, "operation {operation} has not adopted the tool {activity} (adopted: {known})", "Adopt it: safar tool adopt {activity} --operation {operation}."},
		{WorkflowNoRound, NotFound, "{activity} of operation {operation} has no round {round} (known: {known})", "Open it with round open, or choose one that round status lists."},
		{WorkflowNoForm, NotFound, "operation {operation} has no form {form}", "Run form list to see its forms."},
		{WorkflowNoDevice, NotFound, "operation {operation} has no device {device}", "Run device list to see its devices."},
		{WorkflowNoCredentials, Unauthenticated, "this device is not known here", "Scan the QR code again, or ask your supervisor for a new one."},
		{WorkflowDevicePaused, Forbidden, "this device is paused", "Keep your records on the phone and ask your supervisor; nothing is lost."},
		{WorkflowConflict, Conflict, "another version of this record was received before", "Both are kept; your supervisor decides which one counts."},
		{WorkflowUnknownForm, NotFound, "the form {form}, version {version}, is not known here", "The record is kept and will be read when the form is published; tell your supervisor."},
		{WorkflowUnreadable, Invalid, "the record could not be read: {reason}", "It is kept as it came; tell your supervisor."},
		{WorkflowAttachmentLarge, TooLarge, "the attachment {name} is larger than {limit}", "The answers and the other attachments are kept; send a smaller picture or recording."},
		{WorkflowSubmissionLarge, TooLarge, "the answers are larger than {limit}", "Split the record; a form this large cannot be received."},
		{WorkflowNoMedia, NotFound, "the form {form} has no file {file}", "Download the form again."},
		{WorkflowNoImport, NotFound, "operation {operation} has no import {import}", "Run import list to see its imports."},
		{WorkflowImportUndone, Conflict, "import {import} was taken back already", "Nothing is left to undo."},
		{WorkflowBlocked, Conflict, "the round cannot be closed: {count} blocking findings are open", "Correct or exclude the records that round status lists."},
		{WorkflowNoMeasure, NotFound, "{activity} has no measure {measure} (known: {known})", "Choose one of these."},
		{WorkflowPassword, Invalid, "the password is too short", "Use at least 10 characters."},
		{WorkflowRole, Invalid, "{role} is not a role", "Use one of {roles}."},
		{WorkflowPersonExists, Conflict, "there is a person called {name} already", "Choose another name, or reset the password with user reset."},
		{WorkflowNoPerson, NotFound, "there is no person called {name}", "Run user list to see the people."},
		{WorkflowManyTools, Invalid, "operation {operation} has several tools ({tools})", "Name one with --tool."},
		{WorkflowRoundClosed, Conflict, "{round} is closed", "Open it again with round open --reopen, and say why."},
		{WorkflowChainBroken, Conflict, "the journal of {operation} is broken at entry {seq}: {reason}", "Keep the data folder as it is, restore the newest backup beside it, and compare."},
		{WorkflowBlobBad, Conflict, "the content {sha} in {operation} cannot be read or is not what it was", "Restore it from the newest backup."},
		{WorkflowUnchecked, Unavailable, "{count} records of {operation} could not be checked yet, so figures lack them", "Run job list to see why; job retry tries them again."},
		{WorkflowClosedDates, Conflict, "{round} is closed and its dates stay", "Open it again with round open --reopen and the reason, then change them."},
		{WorkflowDeviceExists, Conflict, "operation {operation} has a device called {name} already", "Choose another name; a name is how people and phones tell devices apart."},
		{WorkflowDeviceRevoked, Conflict, "device {device} was locked out for good", "Add a new device; the old secret may be in other hands."},
		{WorkflowDeviceArea, Invalid, "no area of {country} has the code {code}", "Use codes of the loaded areas (place find helps), or load the areas first with place import."},
		{WorkflowDevicePoint, Invalid, "{country} has no flow point with the code {code}", "Use codes of the loaded points (place find helps), or load the points first with place import."},
	}
}
