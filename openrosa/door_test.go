package openrosa_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"safar/round"
	"safar/store"
)

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	f := newField(t)
	paused, revoked := f.addDevice("paused"), f.addDevice("revoked")
	for device, state := range map[string]store.DeviceState{"paused": store.DevicePaused, "revoked": store.DeviceRevoked} {
		_, err := f.flow.SetDeviceState(context.Background(), local, operation, device, state)
		f.must(err)
	}
	_, err := f.flow.CreateOperation(context.Background(), local, round.Operation{Slug: "other", Title: "Other", Country: "XSF"})
	f.must(err)
	basic := func(user, secret string) string {
		request, err := http.NewRequest("GET", "http://x", nil)
		f.must(err)
		request.SetBasicAuth(user, secret)
		return request.Header.Get("Authorization")
	}
	for _, c := range []struct {
		name, path, authorization string
		status                    int
		asks                      bool // for Basic
		says                      string
	}{
		{"token", f.door(), "", 200, false, "team_photos"},
		{"unknown token", "/openrosa/key/0123456789abcdef", "", 401, false, "not known here"},
		{"empty token", "/openrosa/key/", "", 401, false, "not known here"},
		{"revoked token", "/openrosa/key/" + revoked.Secret, "", 401, false, "not known here"},
		{"paused token", "/openrosa/key/" + paused.Secret, "", 403, false, "nothing is lost"},
		{"basic with name", "/openrosa/practice", basic("tablet-1", f.device.Secret), 200, false, "team_photos"},
		{"basic with id", "/openrosa/practice", basic(f.device.ID, f.device.Secret), 200, false, "team_photos"},
		{"basic without credentials", "/openrosa/practice", "", 401, true, "not known here"},
		{"basic without user", "/openrosa/practice", basic("", f.device.Secret), 401, true, "not known here"},
		{"basic with another's name", "/openrosa/practice", basic("paused", f.device.Secret), 401, true, "not known here"},
		{"basic with a wrong secret", "/openrosa/practice", basic("tablet-1", "wrong"), 401, true, "not known here"},
		{"basic with no Basic", "/openrosa/practice", "Bearer abc", 401, true, "not known here"},
		{"another operation", "/openrosa/other", basic("tablet-1", f.device.Secret), 403, false, "does not work in the operation other"},
		{"no operation", "/openrosa/nowhere", basic("tablet-1", f.device.Secret), 403, false, "does not work in the operation nowhere"},
	} {
		answer, body := f.do("GET", c.path+"/formList", "", "Authorization", c.authorization)
		asks := strings.HasPrefix(answer.Header.Get("WWW-Authenticate"), "Basic realm=")
		if answer.StatusCode != c.status || asks != c.asks || !strings.Contains(body, c.says) {
			t.Errorf("%s: status %d, asks %t: %s", c.name, answer.StatusCode, asks, body)
		}
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	f := newField(t)
	newcomer := f.addDevice("newcomer")
	ask := func(secret string) int {
		answer, _ := f.do("GET", "/openrosa/key/"+secret+"/formList", "")
		return answer.StatusCode
	}
	if got := ask(f.device.Secret); got != 200 {
		t.Fatalf("known device: %d", got)
	}
	for range 30 {
		if got := ask("guess"); got != 401 {
			t.Fatalf("guess: %d", got)
		}
	}
	if got := ask("guess"); got != 429 {
		t.Errorf("guess too many: %d", got)
	}
	if got := ask(f.device.Secret); got != 200 {
		t.Errorf("a device that was let in before stands behind its neighbours' guesses: %d", got)
	}
	if got := ask(newcomer.Secret); got != 429 {
		t.Errorf("a secret never seen before passes the throttle: %d", got)
	}
	f.clock.move(3 * time.Second)
	if got := ask(newcomer.Secret); got != 200 {
		t.Errorf("after a moment: %d", got)
	}
}

func TestLogsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	f := newField(t)
	const instance = "uuid:6f1c1a52-4f5e-4d9b-9f3e-1a2b3c4d5e6f"
	_, err := f.phone.Submit(context.Background(), answers(instance, "Somewhere", "", ""))
	f.must(err)
	f.do("GET", "/openrosa/key/bad-token-77/formList", "")
	f.must(f.store.Close())
	f.do("POST", f.door()+"/submission", string(answers(instance, "Elsewhere", "", "")), "Content-Type", "text/xml")
	log := f.log.String()
	if !strings.Contains(log, "openrosa: received") {
		t.Errorf("nothing was logged: %s", log)
	}
	for _, secret := range []string{f.device.Secret, f.device.ID, instance[5:], "bad-token-77", "Somewhere", "Elsewhere"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s:\n%s", secret, log)
		}
	}
}
