package web

import (
	"net/http"
	"strings"
	"time"

	"safar/access"
	"safar/fault"
	"safar/round"
	"safar/workflow"
)

// sessionCookie is what a browser keeps of a session.
const sessionCookie = "safar_session"

// practiceCountry is the code of the invented country: whatever belongs to it is shown as practice.
const practiceCountry = "XSF"

// identify finds out who asks, and lets the cookie live on with the session.
func (c *apiCall) identify() (err error) {
	secret := c.secret()
	if c.visitor, err = c.Flow.WhoIs(c.r.Context(), secret); err != nil {
		return err
	}
	if left := c.visitor.Until.Sub(c.Now()); left > workflow.SessionLife-time.Minute { // it was moved just now
		c.setCookie(secret, workflow.SessionLife)
	}
	return nil
}

func (c *apiCall) secret() string {
	cookie, err := c.r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// setCookie hands the secret to the browser; a life of 0 takes it back.
func (c *apiCall) setCookie(secret string, life time.Duration) {
	age := int(life / time.Second)
	if age == 0 {
		age = -1
	}
	http.SetCookie(c.w, &http.Cookie{
		Name: sessionCookie, Value: secret, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: c.r.TLS != nil || strings.HasPrefix(c.Base, "https://"),
	})
}

type operationView struct {
	round.Operation
	Practice bool `json:"practice"` // everything in it is invented
}

func viewOperation(op round.Operation) operationView {
	return operationView{op, op.Country == practiceCountry}
}

type sessionView struct {
	Person struct {
		Name string      `json:"name"`
		Role access.Role `json:"role"`
	} `json:"person"`
	Verbs      []access.Verb   `json:"verbs"`
	Operations []operationView `json:"operations"`
	Until      time.Time       `json:"until"`
	Version    string          `json:"version"`
}

func (c *apiCall) session() (any, error) {
	view := sessionView{Verbs: []access.Verb{}, Operations: []operationView{}, Until: c.visitor.Until.UTC(), Version: c.Version}
	view.Person.Name, view.Person.Role = c.visitor.Name, c.visitor.Actor.Role
	for _, verb := range access.Verbs() {
		if access.May(c.visitor.Actor, verb, "") {
			view.Verbs = append(view.Verbs, verb)
		}
	}
	list, err := c.Flow.Operations(c.r.Context(), c.visitor.Actor)
	for _, op := range list {
		view.Operations = append(view.Operations, viewOperation(op))
	}
	return view, err
}

func (c *apiCall) signIn() (any, error) {
	var in struct{ Name, Password string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" || len(in.Name) > 400 || len(in.Password) > 1000 {
		return nil, fault.New(fault.WorkspaceCredentials)
	}
	visitor, err := c.Flow.SignIn(c.r.Context(), in.Name, in.Password, c.address())
	if err != nil {
		return nil, err
	}
	c.visitor = visitor
	c.setCookie(visitor.Secret, workflow.SessionLife)
	return c.session()
}

func (c *apiCall) signOut() (any, error) {
	err := c.Flow.SignOut(c.r.Context(), c.visitor.Actor, c.secret())
	c.setCookie("", 0)
	return nil, err
}

func (c *apiCall) changePassword() (any, error) {
	var in struct{ Old, New string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	return nil, c.Flow.ChangePassword(c.r.Context(), c.visitor.Actor, c.secret(), in.Old, in.New)
}

// personView is an account.
type personView struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Role  access.Role `json:"role"`
	State string      `json:"state"`
}

func (c *apiCall) people() (any, error) {
	list, err := c.Flow.People(c.r.Context(), c.visitor.Actor)
	out := []personView{}
	for _, p := range list {
		out = append(out, personView{p.ID, p.Name, p.Role, p.State})
	}
	return out, err
}

// passwordView shows a one-time password, once.
type passwordView struct {
	Name     string      `json:"name"`
	Role     access.Role `json:"role,omitempty"`
	Password string      `json:"password"`
}

func (c *apiCall) addPerson() (any, error) {
	var in struct {
		Name string
		Role access.Role
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" || len([]rune(in.Name)) > 100 {
		return nil, fault.New(fault.WebName)
	}
	if err := c.Flow.Permit(c.visitor.Actor, access.ManagePeople, ""); err != nil { // a hash costs 64 MiB
		return nil, err
	}
	password, err := c.Flow.AddPerson(c.r.Context(), c.visitor.Actor, in.Name, "", in.Role)
	if err != nil {
		return nil, err
	}
	return passwordView{in.Name, in.Role, password}, nil
}

func (c *apiCall) resetPerson() (any, error) {
	if err := c.Flow.Permit(c.visitor.Actor, access.ManagePeople, ""); err != nil {
		return nil, err
	}
	password, err := c.Flow.ResetPassword(c.r.Context(), c.visitor.Actor, c.path["NAME"], "")
	if err != nil {
		return nil, err
	}
	return passwordView{Name: c.path["NAME"], Password: password}, nil
}
