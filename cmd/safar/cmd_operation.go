package main

import (
	"strings"

	"safar/access"
	"safar/round"
	"safar/store"
)

func operationCommands() []command {
	return []command{
		{name: "operation create", args: "TITLE", usage: "--country TJK [--slug S] [--zone Asia/Dushanbe]", must: "country", summary: "open a named programme of tracking in one country", data: true, makes: true, flags: operationCreate},
		{name: "operation list", usage: "", summary: "list the operations", data: true, flags: operationList},
		{name: "device add", usage: "[--operation NAME] [--name N] [--areas P,P] [--points ID,ID]", summary: "register a phone and print its secret, once", data: true, flags: deviceAdd},
		{name: "device list", usage: "[--operation NAME]", summary: "list the devices with when they were last seen", data: true, flags: deviceList},
		{name: "device pause", args: "DEVICE", usage: "[--operation NAME]", summary: "let a device send nothing for a while", data: true, flags: deviceState(store.DevicePaused)},
		{name: "device resume", args: "DEVICE", usage: "[--operation NAME]", summary: "let a paused device send again", data: true, flags: deviceState(store.DeviceActive)},
		{name: "device revoke", args: "DEVICE", usage: "[--operation NAME]", summary: "lock a device out for good", data: true, flags: deviceState(store.DeviceRevoked)},
	}
}

func peopleCommands() []command {
	return []command{
		{name: "user add", args: "NAME", usage: "--role ROLE [--password P]", must: "role", summary: "make an account; without a password one is made and printed once", data: true, flags: userAdd},
		{name: "user reset", args: "NAME", usage: "[--password P]", summary: "give a person a new password", data: true, flags: userReset},
		{name: "user list", usage: "", summary: "list the accounts", data: true, flags: userList},
	}
}

func operationCreate(c *call) func() error {
	var op round.Operation
	c.flags.StringVar(&op.Slug, "slug", "", "permanent key; made from the title when left out")
	c.flags.StringVar(&op.Country, "country", "", "ISO 3166-1 alpha-3 code of the country")
	c.flags.StringVar(&op.TimeZone, "zone", "", "IANA time zone; decides which day an observation belongs to")
	return func() error {
		op.Title = c.arg(0)
		made, err := c.flow.CreateOperation(c.ctx, c.actor(), op)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(made)
		}
		c.printf("operation %s: %s, %s, time zone %s\n", made.Slug, made.Title, made.Country, made.TimeZone)
		return nil
	}
}

func operationList(c *call) func() error {
	return func() error {
		list, err := c.flow.Operations(c.ctx, c.actor())
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(nonNil(list))
		}
		t := c.table("SLUG", "TITLE", "COUNTRY", "TIME ZONE", "STATUS")
		for _, op := range list {
			t.row(op.Slug, op.Title, op.Country, op.TimeZone, op.Status)
		}
		return t.flush()
	}
}

// operation adds the flag that names an operation, and gives the function that finds it.
func (c *call) operation() func() (round.Operation, error) {
	name := c.flags.String("operation", "", "slug or title of the operation; may be left out when there is only one")
	return func() (round.Operation, error) { return c.flow.FindOperation(c.ctx, c.actor(), *name) }
}

func deviceAdd(c *call) func() error {
	operation := c.operation()
	name := c.flags.String("name", "", "what people call it: the enumerator's code, never a name and number")
	areas := c.flags.String("areas", "", "p-codes it works in, separated by commas; none means all")
	points := c.flags.String("points", "", "flow points it counts at, separated by commas")
	server := c.flags.String("server", "http://127.0.0.1:8411", "address of the server as the phone reaches it")
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		made, err := c.flow.AddDevice(c.ctx, c.actor(), store.Device{Operation: op.Slug, Name: *name, Areas: list(*areas), Points: list(*points)})
		if err != nil {
			return err
		}
		url := *server + "/openrosa/key/" + made.Secret
		if c.json {
			return c.printJSON(map[string]string{"id": made.ID, "name": made.Name, "operation": op.Slug, "secret": made.Secret, "server_url": url})
		}
		c.printf("device %s (%s)\nserver for the phone: %s\nor server %s/openrosa/%s, user %s, password %s\n", made.Name, made.ID, url, *server, op.Slug, made.Name, made.Secret)
		c.note("The secret is shown this once. Whoever has it can send records as this device.")
		if strings.Contains(*server, "//127.") {
			c.note("This address works on this computer only. For phones name the server as they reach it: --server http://192.168.1.20:8411")
		}
		return nil
	}
}

func deviceList(c *call) func() error {
	operation := c.operation()
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		devices, err := c.flow.Devices(c.ctx, c.actor(), op.Slug)
		if err != nil {
			return err
		}
		if c.json {
			type device struct {
				ID       string   `json:"id"`
				Name     string   `json:"name"`
				State    string   `json:"state"`
				LastSeen string   `json:"last_seen"`
				Sends    int64    `json:"sends"`
				Areas    []string `json:"areas"`
				Points   []string `json:"points"`
			}
			out := []device{}
			for _, d := range devices {
				out = append(out, device{d.ID, d.Name, string(d.State), when(d.LastSeen), d.Sends, nonNil(d.Areas), nonNil(d.Points)})
			}
			return c.printJSON(out)
		}
		t := c.table("NAME", "STATE", "LAST SEEN", "SENT", "ID")
		for _, d := range devices {
			t.row(d.Name, string(d.State), when(d.LastSeen), d.Sends, d.ID)
		}
		return t.flush()
	}
}

func deviceState(state store.DeviceState) func(*call) func() error {
	return func(c *call) func() error {
		operation := c.operation()
		return func() error {
			op, err := operation()
			if err != nil {
				return err
			}
			device, err := c.flow.SetDeviceState(c.ctx, c.actor(), op.Slug, c.arg(0), state)
			if err != nil {
				return err
			}
			c.printf("device %s is %s\n", device.Name, device.State)
			return nil
		}
	}
}

func userAdd(c *call) func() error {
	role := c.flags.String("role", "", "administrator, officer, steward, viewer or collector")
	password := c.flags.String("password", "", "at least 10 characters; made and printed when left out")
	return func() error {
		made, err := c.flow.AddPerson(c.ctx, c.actor(), c.arg(0), *password, access.Role(*role))
		if err != nil {
			return err
		}
		c.printf("user %s, role %s\n", c.arg(0), *role)
		if *password == "" {
			c.printf("password: %s\n", made)
		}
		return nil
	}
}

func userReset(c *call) func() error {
	password := c.flags.String("password", "", "at least 10 characters; made and printed when left out")
	return func() error {
		made, err := c.flow.ResetPassword(c.ctx, c.actor(), c.arg(0), *password)
		if err != nil {
			return err
		}
		c.printf("user %s has a new password\n", c.arg(0))
		if *password == "" {
			c.printf("password: %s\n", made)
		}
		return nil
	}
}

func userList(c *call) func() error {
	return func() error {
		people, err := c.flow.People(c.ctx, c.actor())
		if err != nil {
			return err
		}
		type person struct {
			Name  string `json:"name"`
			Role  string `json:"role"`
			State string `json:"state"`
		}
		out := []person{}
		for _, p := range people {
			out = append(out, person{p.Name, string(p.Role), p.State})
		}
		if c.json {
			return c.printJSON(out)
		}
		t := c.table("NAME", "ROLE", "STATE")
		for _, p := range out {
			t.row(p.Name, p.Role, p.State)
		}
		return t.flush()
	}
}
