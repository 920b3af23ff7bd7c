package web

import (
	"net/http"
	"strings"

	"safar/fault"
)

// signinView is what the page of a one-time link shows.
type signinView struct {
	Problem string // why the last try did not work, ""
	Name    string // of the administrator, once there is one
	Done    bool

	Workspace bool // it is part of this build, so that one can sign in
}

// signinPage shows the form behind a one-time administrator link. Looking at it does not use the link up, because mail
// programs and messengers look at links too.
func (s *server) signinPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	s.page(w, http.StatusOK, "signin.html", "First administrator", signinView{})
}

// signin makes the account of the first administrator and uses the link up. The secret in the address is the only
// right that is needed, so there is nothing that another site could borrow.
func (s *server) signin(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, fault.Wrap(err, fault.WebForm))
		return
	}
	name, password := strings.TrimSpace(r.PostForm.Get("name")), r.PostForm.Get("password")
	var err error
	switch {
	case name == "" || len([]rune(name)) > 100:
		err = fault.New(fault.WebName)
	case password != r.PostForm.Get("again"):
		err = fault.New(fault.WebPasswordsApart)
	default:
		err = s.Flow.RedeemLink(r.Context(), r.PathValue("secret"), name, password)
	}
	if err != nil {
		status, text := s.explain(w, r, err)
		s.page(w, status, "signin.html", "First administrator", signinView{Problem: text, Name: name})
		return
	}
	s.page(w, http.StatusOK, "signin.html", "First administrator", signinView{Name: name, Done: true, Workspace: s.hasUI()})
}
