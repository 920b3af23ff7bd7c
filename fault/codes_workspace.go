package fault

// Codes of the workspace: signing in, and the requests of its pages.
const (
	WorkspaceSignIn      Code = "workspace.sign_in"
	WorkspaceCredentials Code = "workspace.credentials"
	WorkspaceTooMany     Code = "workspace.too_many_tries"
	WorkspaceOldPassword Code = "workspace.old_password"
	WorkspaceOrigin      Code = "workspace.origin"
	WorkspaceHeader      Code = "workspace.header"
	WorkspaceMethod      Code = "workspace.method"
	WorkspaceBody        Code = "workspace.body"
	WorkspaceParameter   Code = "workspace.parameter"
	WorkspaceNoUpload    Code = "workspace.no_upload"
	WorkspaceUploadLarge Code = "workspace.upload_too_large"
	WorkspaceUploadCount Code = "workspace.too_many_uploads"
	WorkspaceToken       Code = "workspace.upload_gone"
	WorkspaceStreams     Code = "workspace.too_many_pages"
	WorkspaceBlocking    Code = "workspace.blocking_finding"
)

func workspaceFaults() []Entry {
	return []Entry{
		{WorkspaceSignIn, Unauthenticated, "you are not signed in", "Sign in; what you have typed stays on the page."},
		{WorkspaceCredentials, Unauthenticated, "this name and this password do not belong together", "Check both; capital letters count in the password. Your administrator can give you a new one."},
		{WorkspaceTooMany, Unavailable, "too many tries to sign in failed", "Wait {seconds} seconds and try once more, or ask your administrator for a new password."},
		{WorkspaceOldPassword, Invalid, "the old password is not right", "Type the password that you signed in with."},
		{WorkspaceOrigin, Forbidden, "the request comes from another site", "Open the workspace at its own address and try again."},
		{WorkspaceHeader, Forbidden, "the request lacks the header X-Safar", "Reload the page; programs add the header X-Safar: 1 to what changes something."},
		{WorkspaceMethod, Invalid, "this address does not answer {method}", "The page that asks is older than this server: reload it."},
		{WorkspaceBody, Invalid, "the request cannot be read: {reason}", "Reload the page and try again."},
		{WorkspaceParameter, Invalid, "{name} cannot be {value}", "Use {wanted}."},
		{WorkspaceNoUpload, Invalid, "no file came with the request", "Choose a file and send it again."},
		{WorkspaceUploadLarge, TooLarge, "the file is larger than {limit}", "Take pictures and empty sheets out, or split it."},
		{WorkspaceUploadCount, Unavailable, "too many files are waiting to be imported", "Import or leave one of those that you sent, or wait; each is kept for an hour."},
		{WorkspaceToken, NotFound, "the file is not kept any more", "Choose it again; a file is kept for an hour."},
		{WorkspaceStreams, Unavailable, "too many pages are open", "Close some of the tabs; the others go on without news until then."},
		{WorkspaceBlocking, Invalid, "a blocking finding ({check}) is accepted with a comment only", "Say why the value stands, or correct it, or exclude the record."},
	}
}
