//go:build crash && unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"safar/internal/collect"
	"safar/internal/pgtest"
)

// The load of the crash tests: as many phones at once as a small team has, killing as often as the issue asks.
const (
	crashKills   = 20
	crashPhones  = 8
	crashRecords = 2000
)

// crashForm is a team's own form with a picture, so that submissions come in several parts.
const crashForm = `| survey | | | |
| | type | name | label |
| | text | m0445_loc_site_id_ssid | Site |
| | date | m1855_meta_assessment_date | Date |
| | integer | sf0100_loc_num_idp_hh | IDP households |
| | integer | m0310_loc_num_idp_ind | IDP individuals |
| | image | photo | Photo |
| settings | | | |
| | form_title | form_id | version |
| | Crash | safar_baseline_sub_area | 2099010101 |
`

func TestCrashOnSQLite(t *testing.T) { crash(t, "", nil) }

func TestCrashOnPostgres(t *testing.T) {
	server := pgtest.New(t)
	crash(t, server.URL(t), func() {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
		if err := server.Start(); err != nil {
			t.Error(err)
		}
	})
}

// victim is a Safar that is killed and started again on the same data and address.
type victim struct {
	t        *testing.T
	program  string
	dir      string
	database string
	addr     string
	process  *exec.Cmd
	log      bytes.Buffer
}

// crash sends records from several phones while Safar is killed again and again, and then finds every acknowledged one:
// its verbatim bytes, its place in the figures, the journal whole.
func crash(t *testing.T, database string, killDatabase func()) {
	v := newVictim(t, database)
	secret := v.furnish()
	v.start()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	acked := &sync.Map{}
	var next, done atomic.Int64
	var phones sync.WaitGroup
	for range crashPhones {
		phones.Go(func() {
			client := collect.New("http://"+v.addr, collect.Auth{Token: secret})
			for n := next.Add(1); n <= crashRecords && ctx.Err() == nil; n = next.Add(1) {
				v.send(ctx, client, int(n), acked)
				done.Add(1)
			}
		})
	}
	random := rand.New(rand.NewPCG(20260301, 7))
	kills := 0
	for ; kills < crashKills; kills++ {
		time.Sleep(time.Duration(20+random.IntN(180)) * time.Millisecond)
		v.kill()
		if killDatabase != nil && kills%7 == 3 {
			killDatabase()
		}
		v.start()
	}
	phones.Wait()
	if done.Load() < crashRecords {
		t.Fatalf("only %d of %d records were sent in time", done.Load(), crashRecords)
	}
	v.kill() // once more, with jobs waiting
	v.inspect(acked)
	t.Logf("%d kills, %d records acknowledged", kills+1, crashRecords)
}

func newVictim(t *testing.T, database string) *victim {
	program := filepath.Join(t.TempDir(), "safar")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building safar: %v\n%s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	v := &victim{t: t, program: program, dir: filepath.Join(t.TempDir(), "data"), database: database, addr: addr}
	t.Cleanup(func() {
		if v.process != nil {
			_ = v.process.Process.Kill()
			_ = v.process.Wait()
		}
	})
	return v
}

func (v *victim) args(words ...string) []string {
	words = append(words, "--data", v.dir)
	if v.database != "" {
		words = append(words, "--database", v.database)
	}
	return words
}

// run runs a command to its end and gives what it prints.
func (v *victim) run(words ...string) string {
	v.t.Helper()
	cmd := exec.Command(v.program, v.args(words...)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		v.t.Fatalf("safar %s: %v\n%s%s", strings.Join(words, " "), err, out.String(), errs.String())
	}
	return out.String()
}

// furnish makes an operation with a form and a device, and gives the device's secret.
func (v *victim) furnish() string {
	form := filepath.Join(v.t.TempDir(), "crash.md")
	if err := os.WriteFile(form, []byte(crashForm), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.run("operation", "create", "Crash", "--country", "XSF")
	v.run("tool", "adopt", "baseline-sub-area", "--operation", "crash")
	v.run("form", "publish", form, "--tool", "baseline-sub-area", "--operation", "crash")
	v.run("round", "open", "--operation", "crash", "--round", "1", "--start", "2026-01-01", "--end", "2026-12-31")
	var device struct{ Secret string }
	if err := json.Unmarshal([]byte(v.run("device", "add", "--operation", "crash", "--json")), &device); err != nil {
		v.t.Fatal(err)
	}
	return device.Secret
}

func (v *victim) start() {
	v.t.Helper()
	v.process = exec.Command(v.program, v.args("serve", "--addr", v.addr)...)
	v.process.Stderr = &v.log
	if err := v.process.Start(); err != nil {
		v.t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if r, err := http.Get("http://" + v.addr + "/healthz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
	}
	v.t.Fatalf("Safar does not start:\n%s", v.log.String())
}

// kill ends Safar as a power cut would end the process: without a chance to tidy up.
func (v *victim) kill() {
	v.t.Helper()
	_ = v.process.Process.Signal(syscall.SIGKILL)
	_ = v.process.Wait()
	v.process = nil
}

// answers are the bytes of record n, the same at every attempt.
func answers(n int) []byte {
	return fmt.Appendf(nil, `<data id="safar_baseline_sub_area" version="2099010101"><m0445_loc_site_id_ssid>S-%d</m0445_loc_site_id_ssid><m1855_meta_assessment_date>2026-03-02</m1855_meta_assessment_date><sf0100_loc_num_idp_hh>1</sf0100_loc_num_idp_hh><m0310_loc_num_idp_ind>%d</m0310_loc_num_idp_ind><photo>p%d.jpg</photo><meta><instanceID>uuid:%d</instanceID></meta></data>`, n, n, n, n)
}

// send sends one record as Collect does: again after every failure, now and then again after success, until it has an
// acknowledgement.
func (v *victim) send(ctx context.Context, client *collect.Client, n int, acked *sync.Map) {
	photo := collect.Bytes("p"+strconv.Itoa(n)+".jpg", bytes.Repeat([]byte{byte(n), byte(n >> 8), 7}, 700))
	for ctx.Err() == nil {
		response, err := client.Submit(ctx, answers(n), photo)
		if err == nil && response.Status == http.StatusCreated {
			acked.Store(n, true)
			if n%10 == 0 {
				_, _ = client.Submit(ctx, answers(n), photo)
			}
			return
		}
		if err == nil {
			v.t.Errorf("record %d: status %d %s", n, response.Status, response.Message)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// inspect looks for everything that was acknowledged.
func (v *victim) inspect(acked *sync.Map) {
	v.t.Helper()
	v.run("check")
	sum, count := 0, 0
	acked.Range(func(n, _ any) bool { sum += n.(int); count++; return true })
	var figures struct {
		Rows []struct {
			Value float64
			N     int
		}
	}
	if err := json.Unmarshal([]byte(v.run("figures", "--operation", "crash", "--measure", "idp.ind", "--json")), &figures); err != nil {
		v.t.Fatal(err)
	}
	if len(figures.Rows) != 1 || figures.Rows[0].N != count || int(figures.Rows[0].Value) != sum {
		v.t.Errorf("figures %+v, want %d records and a sum of %d", figures.Rows, count, sum)
	}
	v.compareOriginals(acked)
}

// compareOriginals reads a share of the originals back and compares them to the byte.
func (v *victim) compareOriginals(acked *sync.Map) {
	v.t.Helper()
	var records []struct{ ID, Instance, State string }
	if err := json.Unmarshal([]byte(v.run("record", "list", "--operation", "crash", "--limit", strconv.Itoa(crashRecords+100), "--json")), &records); err != nil {
		v.t.Fatal(err)
	}
	if len(records) != crashRecords {
		v.t.Errorf("%d records are stored, %d were sent: none may be doubled or lost", len(records), crashRecords)
	}
	for i, r := range records {
		n, err := strconv.Atoi(strings.TrimPrefix(r.Instance, "uuid:"))
		if err != nil || r.State != "received" {
			v.t.Errorf("record %s of %s is %s", r.ID, r.Instance, r.State)
			continue
		}
		if _, ok := acked.Load(n); !ok {
			v.t.Errorf("record %d is stored and was never acknowledged", n)
		}
		if i%200 != 0 {
			continue
		}
		if original := v.run("record", "show", r.ID, "--operation", "crash", "--original"); strings.TrimSuffix(original, "\n") != string(answers(n)) {
			v.t.Errorf("the original of record %d is %s", n, original)
		}
	}
}
