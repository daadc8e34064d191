CREATE TABLE alembic_version (
version_num VARCHAR(32) NOT NULL, oldest_schema VARCHAR(32),
CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE change (
id INTEGER NOT NULL,
at DATETIME NOT NULL,
actor VARCHAR NOT NULL,
kind VARCHAR NOT NULL,
subject VARCHAR NOT NULL,
action VARCHAR NOT NULL,
"before" JSON,
"after" JSON,
reason VARCHAR NOT NULL,
PRIMARY KEY (id)
);

CREATE INDEX change_subject ON change (kind, subject);

CREATE INDEX ix_change_at ON change (at);

CREATE TABLE department (
name VARCHAR NOT NULL,
state VARCHAR NOT NULL,
country VARCHAR NOT NULL,
phone VARCHAR NOT NULL,
contact_phone VARCHAR NOT NULL,
web_page VARCHAR NOT NULL,
channels JSON NOT NULL,
note VARCHAR NOT NULL,
history JSON NOT NULL,
id INTEGER NOT NULL,
slug VARCHAR NOT NULL, kind VARCHAR DEFAULT '' NOT NULL, sources JSON DEFAULT '[]' NOT NULL, evidence JSON DEFAULT '{}' NOT NULL,
PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_department_slug ON department (slug);

CREATE TABLE directory_version (
id INTEGER NOT NULL,
generation INTEGER NOT NULL, lineage VARCHAR DEFAULT '' NOT NULL,
PRIMARY KEY (id)
);

CREATE TABLE geocode_answer (
"key" VARCHAR NOT NULL,
expires_at DATETIME NOT NULL, sealed VARCHAR DEFAULT '' NOT NULL,
PRIMARY KEY ("key")
);

CREATE INDEX ix_geocode_answer_expires_at ON geocode_answer (expires_at);

CREATE TABLE geocode_turn (
service VARCHAR NOT NULL,
next_at FLOAT NOT NULL,
PRIMARY KEY (service)
);

CREATE TABLE town (
name VARCHAR NOT NULL,
state VARCHAR NOT NULL,
country VARCHAR NOT NULL,
other_names JSON NOT NULL,
id INTEGER NOT NULL,
slug VARCHAR NOT NULL,
PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_town_slug ON town (slug);

CREATE TABLE zone (
name VARCHAR NOT NULL,
state VARCHAR NOT NULL,
country VARCHAR NOT NULL,
setting VARCHAR(24) NOT NULL,
spot_note VARCHAR NOT NULL,
street_address VARCHAR NOT NULL,
mailing_town VARCHAR NOT NULL,
postal_code VARCHAR NOT NULL,
latitude FLOAT NOT NULL,
longitude FLOAT NOT NULL,
location_source VARCHAR(24) NOT NULL,
approximate BOOLEAN NOT NULL,
area JSON,
opening_hours VARCHAR NOT NULL,
advised_hours VARCHAR NOT NULL,
hours_note VARCHAR NOT NULL,
cameras VARCHAR(24) NOT NULL,
cameras_recorded VARCHAR(24) NOT NULL,
cameras_watched VARCHAR(24) NOT NULL,
cameras_around_the_clock VARCHAR(24) NOT NULL,
lighting VARCHAR(24) NOT NULL,
marked VARCHAR(24) NOT NULL,
spaces INTEGER,
step_free VARCHAR(24) NOT NULL,
emergency_phone VARCHAR(24) NOT NULL,
officer_standby VARCHAR(24) NOT NULL,
footage_days INTEGER,
custody_exchange VARCHAR(24) NOT NULL,
custody_hours VARCHAR NOT NULL,
custody_rules VARCHAR NOT NULL,
phone VARCHAR NOT NULL,
rules JSON NOT NULL,
status VARCHAR(24) NOT NULL,
status_from VARCHAR NOT NULL,
status_until VARCHAR NOT NULL,
status_note VARCHAR NOT NULL,
replaced_by VARCHAR NOT NULL,
announced_on VARCHAR NOT NULL,
source_url VARCHAR NOT NULL,
source_name VARCHAR NOT NULL,
source_date VARCHAR NOT NULL,
confirmed_on VARCHAR NOT NULL,
confirmed_by VARCHAR NOT NULL,
zone_id VARCHAR NOT NULL,
department_id INTEGER NOT NULL,
town_id INTEGER NOT NULL,
spot_key VARCHAR NOT NULL,
time_zone VARCHAR NOT NULL,
added_at DATETIME NOT NULL,
changed_at DATETIME NOT NULL, photo VARCHAR DEFAULT '' NOT NULL, photo_alt VARCHAR DEFAULT '' NOT NULL, closures JSON DEFAULT '[]' NOT NULL, source_seen VARCHAR DEFAULT '' NOT NULL, dataset VARCHAR DEFAULT '' NOT NULL, source_kind VARCHAR(24) DEFAULT 'unknown' NOT NULL, appointment VARCHAR(24) DEFAULT 'unknown' NOT NULL, sources JSON DEFAULT '[]' NOT NULL, evidence JSON DEFAULT '{}' NOT NULL, program VARCHAR DEFAULT '' NOT NULL,
PRIMARY KEY (zone_id),
FOREIGN KEY(department_id) REFERENCES department (id),
FOREIGN KEY(town_id) REFERENCES town (id)
);

CREATE INDEX ix_zone_changed_at ON zone (changed_at);

CREATE INDEX ix_zone_department_id ON zone (department_id);

CREATE INDEX ix_zone_spot_key ON zone (spot_key);

CREATE INDEX ix_zone_town_id ON zone (town_id);

CREATE TABLE problemreport (
id INTEGER NOT NULL,
at DATETIME NOT NULL,
zone_id VARCHAR NOT NULL,
kind VARCHAR NOT NULL,
text VARCHAR NOT NULL,
contact VARCHAR NOT NULL,
state VARCHAR NOT NULL, closed_at DATETIME, closed_by VARCHAR DEFAULT '' NOT NULL, answer VARCHAR DEFAULT '' NOT NULL, mailed_at DATETIME,
PRIMARY KEY (id),
FOREIGN KEY(zone_id) REFERENCES zone (zone_id)
);

CREATE INDEX ix_problemreport_zone_id ON problemreport (zone_id);

CREATE TABLE confirmed_domain (
domain VARCHAR NOT NULL,
department VARCHAR NOT NULL,
evidence VARCHAR NOT NULL,
at DATETIME NOT NULL,
confirmed_by VARCHAR NOT NULL,
PRIMARY KEY (domain, department)
);

CREATE TABLE link (
digest VARCHAR NOT NULL,
purpose VARCHAR NOT NULL,
email VARCHAR NOT NULL,
subject JSON NOT NULL,
created_at DATETIME NOT NULL,
expires_at DATETIME NOT NULL,
spent_at DATETIME,
PRIMARY KEY (digest)
);

CREATE INDEX ix_link_email ON link (email);

CREATE TABLE official_domain (
domain VARCHAR NOT NULL,
place VARCHAR NOT NULL,
state VARCHAR NOT NULL,
source VARCHAR NOT NULL, kind VARCHAR DEFAULT '' NOT NULL, unit VARCHAR DEFAULT '' NOT NULL, listed_at DATETIME, dropped_at DATETIME,
PRIMARY KEY (domain)
);

CREATE TABLE outbox_mail (
id INTEGER NOT NULL,
recipient VARCHAR NOT NULL,
subject VARCHAR NOT NULL,
message VARCHAR NOT NULL,
created_at DATETIME NOT NULL,
next_at DATETIME,
attempts INTEGER NOT NULL,
sent_at DATETIME,
error VARCHAR NOT NULL, mailbox VARCHAR DEFAULT '' NOT NULL, kind VARCHAR DEFAULT '' NOT NULL,
PRIMARY KEY (id)
);

CREATE INDEX ix_outbox_mail_recipient ON outbox_mail (recipient);

CREATE INDEX ix_outbox_mail_next_at ON outbox_mail (next_at);

CREATE TABLE person (
id INTEGER NOT NULL,
email VARCHAR NOT NULL,
language VARCHAR NOT NULL,
staff VARCHAR NOT NULL,
totp_secret VARCHAR NOT NULL,
totp_step INTEGER NOT NULL,
created_at DATETIME NOT NULL, mailbox VARCHAR DEFAULT '' NOT NULL, code_failures INTEGER DEFAULT '0' NOT NULL, code_wait_until DATETIME,
PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_person_email ON person (email);

CREATE TABLE photo (
digest VARCHAR NOT NULL,
content BLOB NOT NULL,
width INTEGER NOT NULL,
height INTEGER NOT NULL,
added_at DATETIME NOT NULL,
PRIMARY KEY (digest)
);

CREATE TABLE reminder (
zone_id VARCHAR NOT NULL,
confirmed_on VARCHAR NOT NULL,
days INTEGER NOT NULL,
at DATETIME NOT NULL,
PRIMARY KEY (zone_id, confirmed_on, days)
);

CREATE TABLE membership (
id INTEGER NOT NULL,
person_id INTEGER NOT NULL,
department VARCHAR NOT NULL,
role VARCHAR NOT NULL,
since DATETIME NOT NULL,
added_by VARCHAR NOT NULL, accepted_at DATETIME, accepted_by VARCHAR DEFAULT '' NOT NULL,
PRIMARY KEY (id),
FOREIGN KEY(person_id) REFERENCES person (id),
UNIQUE (person_id, department)
);

CREATE INDEX ix_membership_department ON membership (department);

CREATE INDEX ix_membership_person_id ON membership (person_id);

CREATE TABLE proof (
id INTEGER NOT NULL,
person_id INTEGER NOT NULL,
department VARCHAR NOT NULL,
rung INTEGER NOT NULL,
method VARCHAR NOT NULL,
detail VARCHAR NOT NULL,
at DATETIME NOT NULL,
noted_by VARCHAR NOT NULL, domain VARCHAR DEFAULT '' NOT NULL,
PRIMARY KEY (id),
FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX proof_of ON proof (department, person_id);

CREATE TABLE submission (
id INTEGER NOT NULL,
state VARCHAR NOT NULL,
version INTEGER NOT NULL,
language VARCHAR NOT NULL,
email VARCHAR NOT NULL,
email_proven_at DATETIME,
person_id INTEGER,
department VARCHAR NOT NULL,
region VARCHAR NOT NULL,
town VARCHAR NOT NULL,
phone VARCHAR NOT NULL,
web_page VARCHAR NOT NULL,
note VARCHAR NOT NULL,
items JSON NOT NULL,
faulty JSON NOT NULL,
file_name VARCHAR NOT NULL,
created_at DATETIME NOT NULL,
updated_at DATETIME NOT NULL,
sent_at DATETIME,
decided_at DATETIME,
decided_by VARCHAR NOT NULL,
reason VARCHAR NOT NULL,
at_once BOOLEAN NOT NULL,
looked_at BOOLEAN NOT NULL, waits_for JSON DEFAULT '[]' NOT NULL, objection VARCHAR DEFAULT '' NOT NULL, size INTEGER DEFAULT '0' NOT NULL, channel VARCHAR DEFAULT 'form' NOT NULL, upload JSON DEFAULT '{}' NOT NULL,
PRIMARY KEY (id),
FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_submission_email ON submission (email);

CREATE INDEX ix_submission_state ON submission (state);

CREATE TRIGGER change_no_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END;

CREATE TRIGGER change_no_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END;

CREATE TABLE town_kit (
town VARCHAR NOT NULL,
web_page VARCHAR NOT NULL,
email VARCHAR NOT NULL,
phone VARCHAR NOT NULL,
logo VARCHAR NOT NULL,
logo_alt VARCHAR NOT NULL,
embed_sites JSON NOT NULL,
changed_at DATETIME NOT NULL,
changed_by VARCHAR NOT NULL,
PRIMARY KEY (town)
);

CREATE TABLE town_figure (
town VARCHAR NOT NULL,
month VARCHAR NOT NULL,
figure VARCHAR NOT NULL,
count INTEGER NOT NULL,
PRIMARY KEY (town, month, figure)
);

CREATE TRIGGER town_kit_insert_generation AFTER INSERT ON town_kit BEGIN UPDATE directory_version SET generation = generation + 1; END;

CREATE TRIGGER town_kit_update_generation AFTER UPDATE ON town_kit BEGIN UPDATE directory_version SET generation = generation + 1; END;

CREATE TRIGGER town_kit_delete_generation AFTER DELETE ON town_kit BEGIN UPDATE directory_version SET generation = generation + 1; END;

CREATE TABLE touched (
kind VARCHAR NOT NULL,
subject VARCHAR NOT NULL,
generation INTEGER NOT NULL,
PRIMARY KEY (kind, subject)
);

CREATE INDEX ix_touched_generation ON touched (generation);

CREATE TRIGGER zone_insert_generation AFTER INSERT ON zone BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'zone', NEW.zone_id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER zone_update_generation AFTER UPDATE ON zone BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'zone', OLD.zone_id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; INSERT INTO touched (kind, subject, generation) SELECT 'zone', NEW.zone_id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER zone_delete_generation AFTER DELETE ON zone BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'zone', OLD.zone_id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER department_insert_generation AFTER INSERT ON department BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'department', NEW.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER department_update_generation AFTER UPDATE ON department BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'department', OLD.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; INSERT INTO touched (kind, subject, generation) SELECT 'department', NEW.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER department_delete_generation AFTER DELETE ON department BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'department', OLD.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER town_insert_generation AFTER INSERT ON town BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'town', NEW.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER town_update_generation AFTER UPDATE ON town BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'town', OLD.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; INSERT INTO touched (kind, subject, generation) SELECT 'town', NEW.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TRIGGER town_delete_generation AFTER DELETE ON town BEGIN UPDATE directory_version SET generation = generation + 1; INSERT INTO touched (kind, subject, generation) SELECT 'town', OLD.id, generation FROM directory_version WHERE true ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; END;

CREATE TABLE login_session (
digest VARCHAR NOT NULL,
person_id INTEGER NOT NULL,
created_at DATETIME NOT NULL,
expires_at DATETIME NOT NULL,
second_factor_at DATETIME,
PRIMARY KEY (digest),
FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_login_session_person_id ON login_session (person_id);

CREATE TABLE passkey (
credential_id VARCHAR NOT NULL,
person_id INTEGER NOT NULL,
public_key BLOB NOT NULL,
sign_count INTEGER NOT NULL,
name VARCHAR NOT NULL,
added_at DATETIME NOT NULL,
used_at DATETIME,
PRIMARY KEY (credential_id),
FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_passkey_person_id ON passkey (person_id);

CREATE TABLE barred_sender (
value VARCHAR NOT NULL,
kind VARCHAR NOT NULL,
at DATETIME NOT NULL,
"by" VARCHAR NOT NULL,
reason VARCHAR NOT NULL,
PRIMARY KEY (value)
);

CREATE TABLE department_town (
department VARCHAR NOT NULL,
town VARCHAR NOT NULL,
evidence VARCHAR NOT NULL,
at DATETIME NOT NULL,
noted_by VARCHAR NOT NULL,
PRIMARY KEY (department, town)
);

CREATE TABLE town_kit_change (
id INTEGER NOT NULL,
town VARCHAR NOT NULL,
"values" JSON NOT NULL,
base JSON NOT NULL,
status VARCHAR NOT NULL,
person_id INTEGER NOT NULL,
sent_at DATETIME NOT NULL,
decided_at DATETIME,
decided_by VARCHAR NOT NULL,
reason VARCHAR NOT NULL,
PRIMARY KEY (id),
FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_town_kit_change_town ON town_kit_change (town);

CREATE INDEX ix_town_kit_change_status ON town_kit_change (status);

CREATE TABLE heartbeat (
name VARCHAR NOT NULL,
at DATETIME NOT NULL,
PRIMARY KEY (name)
);

CREATE UNIQUE INDEX ix_person_mailbox ON person (mailbox);

CREATE INDEX ix_outbox_mail_mailbox ON outbox_mail (mailbox);

CREATE INDEX ix_outbox_mail_sent_at ON outbox_mail (sent_at);

CREATE TABLE dataset (
name VARCHAR NOT NULL,
released VARCHAR NOT NULL,
taken_at DATETIME NOT NULL,
PRIMARY KEY (name)
);

CREATE TABLE department_token (
id INTEGER NOT NULL,
department VARCHAR NOT NULL,
name VARCHAR NOT NULL,
digest VARCHAR NOT NULL,
person_id INTEGER NOT NULL,
created_at DATETIME NOT NULL,
last_used_at DATETIME,
revoked_at DATETIME,
PRIMARY KEY (id),
UNIQUE (digest),
FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_department_token_department ON department_token (department);

CREATE INDEX ix_department_token_person_id ON department_token (person_id);

CREATE TABLE zone_list_address (
department VARCHAR NOT NULL,
url VARCHAR NOT NULL,
person_id INTEGER NOT NULL,
set_at DATETIME NOT NULL,
next_at DATETIME NOT NULL,
read_at DATETIME,
tried_at DATETIME,
failing_since DATETIME,
failures INTEGER NOT NULL,
problem JSON NOT NULL,
counts JSON NOT NULL,
PRIMARY KEY (department),
FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_zone_list_address_person_id ON zone_list_address (person_id);

CREATE TABLE visit (
id INTEGER NOT NULL,
zone_id VARCHAR NOT NULL,
day VARCHAR NOT NULL,
answer VARCHAR(24) NOT NULL,
photo VARCHAR NOT NULL,
PRIMARY KEY (id),
FOREIGN KEY(zone_id) REFERENCES zone (zone_id)
);

CREATE INDEX ix_visit_zone_id ON visit (zone_id);

CREATE TABLE source_page (
url VARCHAR NOT NULL,
checked_on VARCHAR NOT NULL,
missing INTEGER NOT NULL,
mentions BOOLEAN NOT NULL,
PRIMARY KEY (url)
);

CREATE TABLE program (
program_id VARCHAR NOT NULL,
department_id INTEGER NOT NULL,
facts JSON NOT NULL,
changed_at DATETIME NOT NULL,
PRIMARY KEY (program_id),
FOREIGN KEY(department_id) REFERENCES department (id)
);

CREATE INDEX ix_program_department_id ON program (department_id);

CREATE TABLE "data_case" (
id INTEGER NOT NULL,
kind VARCHAR(24) NOT NULL,
zone_id VARCHAR,
subject VARCHAR NOT NULL,
origin VARCHAR NOT NULL,
details JSON NOT NULL,
state VARCHAR(24) NOT NULL,
first_seen DATETIME NOT NULL,
last_seen DATETIME NOT NULL,
decided_at DATETIME,
decided_by VARCHAR NOT NULL,
department VARCHAR DEFAULT '' NOT NULL,
PRIMARY KEY (id),
UNIQUE (kind, zone_id, subject, origin),
FOREIGN KEY(zone_id) REFERENCES zone (zone_id)
);

CREATE INDEX ix_data_case_zone_id ON data_case (zone_id);

CREATE INDEX ix_data_case_state ON data_case (state);

CREATE UNIQUE INDEX data_case_of_department ON data_case (kind, department, subject, origin) WHERE department <> '';

INSERT INTO alembic_version (version_num, oldest_schema) VALUES ('0013', '0013');

INSERT INTO directory_version (id, generation, lineage) VALUES (1, 0, '');
