-- Of how many sign-ins a host has heard: those that came while none was open are news to the next one.

ALTER TABLE endpoints ADD COLUMN sign_ins_heard INTEGER NOT NULL DEFAULT 0;
UPDATE endpoints SET sign_ins_heard = sign_ins;
