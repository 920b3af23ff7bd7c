package web

import "net/http"

// apiRoutes is the whole interface of the workspace. A path of fixed words stands before one that takes any.
func apiRoutes() []apiRoute {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return []apiRoute{
		{get, "session", false, (*apiCall).session},
		{post, "session", true, (*apiCall).signIn},
		{del, "session", false, (*apiCall).signOut},
		{post, "session/password", false, (*apiCall).changePassword},
		{get, "news", false, (*apiCall).news},
		{get, "tools", false, (*apiCall).tools},
		{get, "people", false, (*apiCall).people},
		{post, "people", false, (*apiCall).addPerson},
		{post, "people/NAME/reset", false, (*apiCall).resetPerson},
		{post, "operations", false, (*apiCall).createOperation},
		{post, "places", false, (*apiCall).importPlaces},
		{post, "imports", false, (*apiCall).upload},
		{get, "imports/TOKEN", false, (*apiCall).importJob},
		{post, "imports/TOKEN", false, (*apiCall).startImport},
		{get, "releases/ID", false, (*apiCall).release},
		{post, "releases/ID/state", false, (*apiCall).releaseState},
		{post, "releases/ID/verify", false, (*apiCall).verifyRelease},
		{get, "releases/ID/trace", false, (*apiCall).trace},

		{get, "OP", false, (*apiCall).operation},
		{post, "OP/tools", false, (*apiCall).adoptTool},
		{get, "OP/areas", false, (*apiCall).areas},
		{get, "OP/places", false, (*apiCall).places},
		{get, "OP/search", false, (*apiCall).search},
		{get, "OP/records", false, (*apiCall).records},
		{get, "OP/records/ID", false, (*apiCall).record},
		{post, "OP/records/ID/corrections", false, (*apiCall).correct},
		{post, "OP/records/ID/decision", false, (*apiCall).decide},
		{get, "OP/findings", false, (*apiCall).findings},
		{post, "OP/findings/ID", false, (*apiCall).acceptFinding},
		{get, "OP/imports", false, (*apiCall).imports},
		{get, "OP/imports/ID/errors", false, (*apiCall).importErrors},
		{post, "OP/imports/ID/undo", false, (*apiCall).undoImport},
		{get, "OP/forms", false, (*apiCall).forms},
		{post, "OP/forms/publish", false, (*apiCall).publishForms},
		{post, "OP/forms/retire", false, (*apiCall).retireForm},
		{get, "OP/devices", false, (*apiCall).devices},
		{post, "OP/devices", false, (*apiCall).addDevice},
		{post, "OP/devices/ID/state", false, (*apiCall).deviceState},
		{get, "OP/releases", false, (*apiCall).releases},
		{put, "OP/ACT/rounds/N", false, (*apiCall).putRound},
		{post, "OP/ACT/rounds/N/check", false, (*apiCall).checkRound},
		{post, "OP/ACT/rounds/N/close", false, (*apiCall).closeRound},
		{post, "OP/ACT/rounds/N/reopen", false, (*apiCall).reopenRound},
		{post, "OP/ACT/rounds/N/targets", false, (*apiCall).setTargets},
		{get, "OP/ACT/measures", false, (*apiCall).measures},
		{get, "OP/ACT/figures", false, (*apiCall).figures},
		{get, "OP/ACT/N/overview", false, (*apiCall).overview},
		{post, "OP/ACT/N/releases", false, (*apiCall).buildRelease},
	}
}
