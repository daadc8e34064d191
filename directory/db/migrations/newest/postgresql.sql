CREATE TABLE alembic_version (
  version_num character varying(32) NOT NULL,
  oldest_schema character varying(32)
);

CREATE TABLE change (
  id serial NOT NULL,
  at timestamp with time zone NOT NULL,
  actor character varying NOT NULL,
  kind character varying NOT NULL,
  subject character varying NOT NULL,
  action character varying NOT NULL,
  before json,
  after json,
  reason character varying NOT NULL
);

CREATE TABLE department (
  name character varying NOT NULL,
  state character varying NOT NULL,
  country character varying NOT NULL,
  phone character varying NOT NULL,
  contact_phone character varying NOT NULL,
  web_page character varying NOT NULL,
  channels json NOT NULL,
  note character varying NOT NULL,
  history json NOT NULL,
  id serial NOT NULL,
  slug character varying NOT NULL,
  kind character varying DEFAULT ''::character varying NOT NULL,
  sources json DEFAULT '[]'::json NOT NULL,
  evidence json DEFAULT '{}'::json NOT NULL
);

CREATE TABLE directory_version (
  id serial NOT NULL,
  generation integer NOT NULL,
  lineage character varying DEFAULT ''::character varying NOT NULL
);

CREATE TABLE geocode_answer (
  key character varying NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  sealed character varying DEFAULT ''::character varying NOT NULL
);

CREATE TABLE geocode_turn (
  service character varying NOT NULL,
  next_at double precision NOT NULL
);

CREATE TABLE town (
  name character varying NOT NULL,
  state character varying NOT NULL,
  country character varying NOT NULL,
  other_names json NOT NULL,
  id serial NOT NULL,
  slug character varying NOT NULL
);

CREATE TABLE zone (
  name character varying NOT NULL,
  state character varying NOT NULL,
  country character varying NOT NULL,
  setting character varying(24) NOT NULL,
  spot_note character varying NOT NULL,
  street_address character varying NOT NULL,
  mailing_town character varying NOT NULL,
  postal_code character varying NOT NULL,
  latitude double precision NOT NULL,
  longitude double precision NOT NULL,
  location_source character varying(24) NOT NULL,
  approximate boolean NOT NULL,
  area json,
  opening_hours character varying NOT NULL,
  advised_hours character varying NOT NULL,
  hours_note character varying NOT NULL,
  cameras character varying(24) NOT NULL,
  cameras_recorded character varying(24) NOT NULL,
  cameras_watched character varying(24) NOT NULL,
  cameras_around_the_clock character varying(24) NOT NULL,
  lighting character varying(24) NOT NULL,
  marked character varying(24) NOT NULL,
  spaces integer,
  step_free character varying(24) NOT NULL,
  emergency_phone character varying(24) NOT NULL,
  officer_standby character varying(24) NOT NULL,
  footage_days integer,
  custody_exchange character varying(24) NOT NULL,
  custody_hours character varying NOT NULL,
  custody_rules character varying NOT NULL,
  phone character varying NOT NULL,
  rules json NOT NULL,
  status character varying(24) NOT NULL,
  status_from character varying NOT NULL,
  status_until character varying NOT NULL,
  status_note character varying NOT NULL,
  replaced_by character varying NOT NULL,
  announced_on character varying NOT NULL,
  source_url character varying NOT NULL,
  source_name character varying NOT NULL,
  source_date character varying NOT NULL,
  confirmed_on character varying NOT NULL,
  confirmed_by character varying NOT NULL,
  zone_id character varying NOT NULL,
  department_id integer NOT NULL,
  town_id integer NOT NULL,
  spot_key character varying NOT NULL,
  time_zone character varying NOT NULL,
  added_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  photo character varying DEFAULT ''::character varying NOT NULL,
  photo_alt character varying DEFAULT ''::character varying NOT NULL,
  closures json DEFAULT '[]'::json NOT NULL,
  source_seen character varying DEFAULT ''::character varying NOT NULL,
  dataset character varying DEFAULT ''::character varying NOT NULL,
  source_kind character varying(24) DEFAULT 'unknown'::character varying NOT NULL,
  appointment character varying(24) DEFAULT 'unknown'::character varying NOT NULL,
  sources json DEFAULT '[]'::json NOT NULL,
  evidence json DEFAULT '{}'::json NOT NULL,
  program character varying DEFAULT ''::character varying NOT NULL
);

CREATE TABLE problemreport (
  id serial NOT NULL,
  at timestamp with time zone NOT NULL,
  zone_id character varying NOT NULL,
  kind character varying NOT NULL,
  text character varying NOT NULL,
  contact character varying NOT NULL,
  state character varying NOT NULL,
  closed_at timestamp with time zone,
  closed_by character varying DEFAULT ''::character varying NOT NULL,
  answer character varying DEFAULT ''::character varying NOT NULL,
  mailed_at timestamp with time zone
);

CREATE TABLE confirmed_domain (
  domain character varying NOT NULL,
  department character varying NOT NULL,
  evidence character varying NOT NULL,
  at timestamp with time zone NOT NULL,
  confirmed_by character varying NOT NULL
);

CREATE TABLE link (
  digest character varying NOT NULL,
  purpose character varying NOT NULL,
  email character varying NOT NULL,
  subject json NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  spent_at timestamp with time zone
);

CREATE TABLE official_domain (
  domain character varying NOT NULL,
  place character varying NOT NULL,
  state character varying NOT NULL,
  source character varying NOT NULL,
  kind character varying DEFAULT ''::character varying NOT NULL,
  unit character varying DEFAULT ''::character varying NOT NULL,
  listed_at timestamp with time zone,
  dropped_at timestamp with time zone
);

CREATE TABLE outbox_mail (
  id serial NOT NULL,
  recipient character varying NOT NULL,
  subject character varying NOT NULL,
  message character varying NOT NULL,
  created_at timestamp with time zone NOT NULL,
  next_at timestamp with time zone,
  attempts integer NOT NULL,
  sent_at timestamp with time zone,
  error character varying NOT NULL,
  mailbox character varying DEFAULT ''::character varying NOT NULL,
  kind character varying DEFAULT ''::character varying NOT NULL
);

CREATE TABLE person (
  id serial NOT NULL,
  email character varying NOT NULL,
  language character varying NOT NULL,
  staff character varying NOT NULL,
  totp_secret character varying NOT NULL,
  totp_step integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  mailbox character varying DEFAULT ''::character varying NOT NULL,
  code_failures integer DEFAULT 0 NOT NULL,
  code_wait_until timestamp with time zone
);

CREATE TABLE photo (
  digest character varying NOT NULL,
  content bytea NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  added_at timestamp with time zone NOT NULL
);

CREATE TABLE reminder (
  zone_id character varying NOT NULL,
  confirmed_on character varying NOT NULL,
  days integer NOT NULL,
  at timestamp with time zone NOT NULL
);

CREATE TABLE membership (
  id serial NOT NULL,
  person_id integer NOT NULL,
  department character varying NOT NULL,
  role character varying NOT NULL,
  since timestamp with time zone NOT NULL,
  added_by character varying NOT NULL,
  accepted_at timestamp with time zone,
  accepted_by character varying DEFAULT ''::character varying NOT NULL
);

CREATE TABLE proof (
  id serial NOT NULL,
  person_id integer NOT NULL,
  department character varying NOT NULL,
  rung integer NOT NULL,
  method character varying NOT NULL,
  detail character varying NOT NULL,
  at timestamp with time zone NOT NULL,
  noted_by character varying NOT NULL,
  domain character varying DEFAULT ''::character varying NOT NULL
);

CREATE TABLE submission (
  id serial NOT NULL,
  state character varying NOT NULL,
  version integer NOT NULL,
  language character varying NOT NULL,
  email character varying NOT NULL,
  email_proven_at timestamp with time zone,
  person_id integer,
  department character varying NOT NULL,
  region character varying NOT NULL,
  town character varying NOT NULL,
  phone character varying NOT NULL,
  web_page character varying NOT NULL,
  note character varying NOT NULL,
  items json NOT NULL,
  faulty json NOT NULL,
  file_name character varying NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone,
  decided_at timestamp with time zone,
  decided_by character varying NOT NULL,
  reason character varying NOT NULL,
  at_once boolean NOT NULL,
  looked_at boolean NOT NULL,
  waits_for json DEFAULT '[]'::json NOT NULL,
  objection character varying DEFAULT ''::character varying NOT NULL,
  size integer DEFAULT 0 NOT NULL,
  channel character varying DEFAULT 'form'::character varying NOT NULL,
  upload json DEFAULT '{}'::json NOT NULL
);

CREATE TABLE town_kit (
  town character varying NOT NULL,
  web_page character varying NOT NULL,
  email character varying NOT NULL,
  phone character varying NOT NULL,
  logo character varying NOT NULL,
  logo_alt character varying NOT NULL,
  embed_sites json NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  changed_by character varying NOT NULL
);

CREATE TABLE town_figure (
  town character varying NOT NULL,
  month character varying NOT NULL,
  figure character varying NOT NULL,
  count integer NOT NULL
);

CREATE TABLE touched (
  kind character varying NOT NULL,
  subject character varying NOT NULL,
  generation integer NOT NULL
);

CREATE TABLE login_session (
  digest character varying NOT NULL,
  person_id integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  second_factor_at timestamp with time zone
);

CREATE TABLE passkey (
  credential_id character varying NOT NULL,
  person_id integer NOT NULL,
  public_key bytea NOT NULL,
  sign_count integer NOT NULL,
  name character varying NOT NULL,
  added_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone
);

CREATE TABLE barred_sender (
  value character varying NOT NULL,
  kind character varying NOT NULL,
  at timestamp with time zone NOT NULL,
  by character varying NOT NULL,
  reason character varying NOT NULL
);

CREATE TABLE department_town (
  department character varying NOT NULL,
  town character varying NOT NULL,
  evidence character varying NOT NULL,
  at timestamp with time zone NOT NULL,
  noted_by character varying NOT NULL
);

CREATE TABLE town_kit_change (
  id serial NOT NULL,
  town character varying NOT NULL,
  "values" json NOT NULL,
  base json NOT NULL,
  status character varying NOT NULL,
  person_id integer NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  decided_at timestamp with time zone,
  decided_by character varying NOT NULL,
  reason character varying NOT NULL
);

CREATE TABLE heartbeat (
  name character varying NOT NULL,
  at timestamp with time zone NOT NULL
);

CREATE TABLE dataset (
  name character varying NOT NULL,
  released character varying NOT NULL,
  taken_at timestamp with time zone NOT NULL
);

CREATE TABLE data_case (
  id serial NOT NULL,
  kind character varying(24) NOT NULL,
  zone_id character varying,
  subject character varying NOT NULL,
  origin character varying NOT NULL,
  details json NOT NULL,
  state character varying(24) NOT NULL,
  first_seen timestamp with time zone NOT NULL,
  last_seen timestamp with time zone NOT NULL,
  decided_at timestamp with time zone,
  decided_by character varying NOT NULL,
  department character varying DEFAULT ''::character varying NOT NULL
);

CREATE TABLE department_token (
  id serial NOT NULL,
  department character varying NOT NULL,
  name character varying NOT NULL,
  digest character varying NOT NULL,
  person_id integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone
);

CREATE TABLE zone_list_address (
  department character varying NOT NULL,
  url character varying NOT NULL,
  person_id integer NOT NULL,
  set_at timestamp with time zone NOT NULL,
  next_at timestamp with time zone NOT NULL,
  read_at timestamp with time zone,
  tried_at timestamp with time zone,
  failing_since timestamp with time zone,
  failures integer NOT NULL,
  problem json NOT NULL,
  counts json NOT NULL
);

CREATE TABLE visit (
  id serial NOT NULL,
  zone_id character varying NOT NULL,
  day character varying NOT NULL,
  answer character varying(24) NOT NULL,
  photo character varying NOT NULL
);

CREATE TABLE source_page (
  url character varying NOT NULL,
  checked_on character varying NOT NULL,
  missing integer NOT NULL,
  mentions boolean NOT NULL
);

CREATE TABLE program (
  program_id character varying NOT NULL,
  department_id integer NOT NULL,
  facts json NOT NULL,
  changed_at timestamp with time zone NOT NULL
);

ALTER TABLE alembic_version ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE change ADD CONSTRAINT change_pkey PRIMARY KEY (id);

ALTER TABLE department ADD CONSTRAINT department_pkey PRIMARY KEY (id);

ALTER TABLE directory_version ADD CONSTRAINT directory_version_pkey PRIMARY KEY (id);

ALTER TABLE geocode_answer ADD CONSTRAINT geocode_answer_pkey PRIMARY KEY (key);

ALTER TABLE geocode_turn ADD CONSTRAINT geocode_turn_pkey PRIMARY KEY (service);

ALTER TABLE town ADD CONSTRAINT town_pkey PRIMARY KEY (id);

ALTER TABLE zone ADD CONSTRAINT zone_pkey PRIMARY KEY (zone_id);

ALTER TABLE problemreport ADD CONSTRAINT problemreport_pkey PRIMARY KEY (id);

ALTER TABLE confirmed_domain ADD CONSTRAINT confirmed_domain_pkey PRIMARY KEY (domain, department);

ALTER TABLE link ADD CONSTRAINT link_pkey PRIMARY KEY (digest);

ALTER TABLE official_domain ADD CONSTRAINT official_domain_pkey PRIMARY KEY (domain);

ALTER TABLE outbox_mail ADD CONSTRAINT outbox_mail_pkey PRIMARY KEY (id);

ALTER TABLE person ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE photo ADD CONSTRAINT photo_pkey PRIMARY KEY (digest);

ALTER TABLE reminder ADD CONSTRAINT reminder_pkey PRIMARY KEY (zone_id, confirmed_on, days);

ALTER TABLE membership ADD CONSTRAINT membership_person_id_department_key UNIQUE (person_id, department);

ALTER TABLE membership ADD CONSTRAINT membership_pkey PRIMARY KEY (id);

ALTER TABLE proof ADD CONSTRAINT proof_pkey PRIMARY KEY (id);

ALTER TABLE submission ADD CONSTRAINT submission_pkey PRIMARY KEY (id);

ALTER TABLE town_kit ADD CONSTRAINT town_kit_pkey PRIMARY KEY (town);

ALTER TABLE town_figure ADD CONSTRAINT town_figure_pkey PRIMARY KEY (town, month, figure);

ALTER TABLE touched ADD CONSTRAINT touched_pkey PRIMARY KEY (kind, subject);

ALTER TABLE login_session ADD CONSTRAINT login_session_pkey PRIMARY KEY (digest);

ALTER TABLE passkey ADD CONSTRAINT passkey_pkey PRIMARY KEY (credential_id);

ALTER TABLE barred_sender ADD CONSTRAINT barred_sender_pkey PRIMARY KEY (value);

ALTER TABLE department_town ADD CONSTRAINT department_town_pkey PRIMARY KEY (department, town);

ALTER TABLE town_kit_change ADD CONSTRAINT town_kit_change_pkey PRIMARY KEY (id);

ALTER TABLE heartbeat ADD CONSTRAINT heartbeat_pkey PRIMARY KEY (name);

ALTER TABLE dataset ADD CONSTRAINT dataset_pkey PRIMARY KEY (name);

ALTER TABLE data_case ADD CONSTRAINT data_case_kind_zone_id_subject_origin_key UNIQUE (kind, zone_id, subject, origin);

ALTER TABLE data_case ADD CONSTRAINT data_case_pkey PRIMARY KEY (id);

ALTER TABLE department_token ADD CONSTRAINT department_token_digest_key UNIQUE (digest);

ALTER TABLE department_token ADD CONSTRAINT department_token_pkey PRIMARY KEY (id);

ALTER TABLE zone_list_address ADD CONSTRAINT zone_list_address_pkey PRIMARY KEY (department);

ALTER TABLE visit ADD CONSTRAINT visit_pkey PRIMARY KEY (id);

ALTER TABLE source_page ADD CONSTRAINT source_page_pkey PRIMARY KEY (url);

ALTER TABLE program ADD CONSTRAINT program_pkey PRIMARY KEY (program_id);

ALTER TABLE zone ADD CONSTRAINT zone_department_id_fkey FOREIGN KEY (department_id) REFERENCES department(id);

ALTER TABLE zone ADD CONSTRAINT zone_town_id_fkey FOREIGN KEY (town_id) REFERENCES town(id);

ALTER TABLE problemreport ADD CONSTRAINT problemreport_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES zone(zone_id);

ALTER TABLE membership ADD CONSTRAINT membership_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE proof ADD CONSTRAINT proof_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE submission ADD CONSTRAINT submission_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE login_session ADD CONSTRAINT login_session_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE passkey ADD CONSTRAINT passkey_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE town_kit_change ADD CONSTRAINT town_kit_change_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE data_case ADD CONSTRAINT data_case_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES zone(zone_id);

ALTER TABLE department_token ADD CONSTRAINT department_token_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE zone_list_address ADD CONSTRAINT zone_list_address_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE visit ADD CONSTRAINT visit_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES zone(zone_id);

ALTER TABLE program ADD CONSTRAINT program_department_id_fkey FOREIGN KEY (department_id) REFERENCES department(id);

CREATE INDEX change_subject ON change USING btree (kind, subject);

CREATE UNIQUE INDEX data_case_of_department ON data_case USING btree (kind, department, subject, origin) WHERE department::text <> ''::text;

CREATE INDEX ix_change_at ON change USING btree (at);

CREATE INDEX ix_data_case_state ON data_case USING btree (state);

CREATE INDEX ix_data_case_zone_id ON data_case USING btree (zone_id);

CREATE UNIQUE INDEX ix_department_slug ON department USING btree (slug);

CREATE INDEX ix_department_token_department ON department_token USING btree (department);

CREATE INDEX ix_department_token_person_id ON department_token USING btree (person_id);

CREATE INDEX ix_geocode_answer_expires_at ON geocode_answer USING btree (expires_at);

CREATE INDEX ix_link_email ON link USING btree (email);

CREATE INDEX ix_login_session_person_id ON login_session USING btree (person_id);

CREATE INDEX ix_membership_department ON membership USING btree (department);

CREATE INDEX ix_membership_person_id ON membership USING btree (person_id);

CREATE INDEX ix_outbox_mail_mailbox ON outbox_mail USING btree (mailbox);

CREATE INDEX ix_outbox_mail_next_at ON outbox_mail USING btree (next_at);

CREATE INDEX ix_outbox_mail_recipient ON outbox_mail USING btree (recipient);

CREATE INDEX ix_outbox_mail_sent_at ON outbox_mail USING btree (sent_at);

CREATE INDEX ix_passkey_person_id ON passkey USING btree (person_id);

CREATE UNIQUE INDEX ix_person_email ON person USING btree (email);

CREATE UNIQUE INDEX ix_person_mailbox ON person USING btree (mailbox);

CREATE INDEX ix_problemreport_zone_id ON problemreport USING btree (zone_id);

CREATE INDEX ix_program_department_id ON program USING btree (department_id);

CREATE INDEX ix_submission_email ON submission USING btree (email);

CREATE INDEX ix_submission_state ON submission USING btree (state);

CREATE INDEX ix_touched_generation ON touched USING btree (generation);

CREATE INDEX ix_town_kit_change_status ON town_kit_change USING btree (status);

CREATE INDEX ix_town_kit_change_town ON town_kit_change USING btree (town);

CREATE UNIQUE INDEX ix_town_slug ON town USING btree (slug);

CREATE INDEX ix_visit_zone_id ON visit USING btree (zone_id);

CREATE INDEX ix_zone_changed_at ON zone USING btree (changed_at);

CREATE INDEX ix_zone_department_id ON zone USING btree (department_id);

CREATE INDEX ix_zone_list_address_person_id ON zone_list_address USING btree (person_id);

CREATE INDEX ix_zone_spot_key ON zone USING btree (spot_key);

CREATE INDEX ix_zone_town_id ON zone USING btree (town_id);

CREATE INDEX proof_of ON proof USING btree (department, person_id);

CREATE OR REPLACE FUNCTION another_directory()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN UPDATE directory_version SET generation = generation + 1, lineage = md5(random()::text); RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION department_delete_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'department', changed.subject, number FROM (SELECT id::text AS subject FROM old_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION department_insert_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'department', changed.subject, number FROM (SELECT id::text AS subject FROM new_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION department_update_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'department', changed.subject, number FROM (SELECT id::text AS subject FROM old_rows UNION SELECT id::text AS subject FROM new_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION log_only_grows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'the log can only grow'; END $function$;

CREATE OR REPLACE FUNCTION next_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN UPDATE directory_version SET generation = generation + 1; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION town_delete_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'town', changed.subject, number FROM (SELECT id::text AS subject FROM old_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION town_insert_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'town', changed.subject, number FROM (SELECT id::text AS subject FROM new_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION town_update_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'town', changed.subject, number FROM (SELECT id::text AS subject FROM old_rows UNION SELECT id::text AS subject FROM new_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION zone_delete_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'zone', changed.subject, number FROM (SELECT zone_id::text AS subject FROM old_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION zone_insert_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'zone', changed.subject, number FROM (SELECT zone_id::text AS subject FROM new_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE OR REPLACE FUNCTION zone_update_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE number integer; BEGIN UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; INSERT INTO touched (kind, subject, generation) SELECT 'zone', changed.subject, number FROM (SELECT zone_id::text AS subject FROM old_rows UNION SELECT zone_id::text AS subject FROM new_rows) changed ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $function$;

CREATE TRIGGER change_only_grows BEFORE DELETE OR UPDATE ON change FOR EACH ROW EXECUTE FUNCTION log_only_grows();

CREATE TRIGGER department_delete_generation AFTER DELETE ON department REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION department_delete_generation();

CREATE TRIGGER department_insert_generation AFTER INSERT ON department REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION department_insert_generation();

CREATE TRIGGER department_truncate_generation AFTER TRUNCATE ON department FOR EACH STATEMENT EXECUTE FUNCTION another_directory();

CREATE TRIGGER department_update_generation AFTER UPDATE ON department REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION department_update_generation();

CREATE TRIGGER town_delete_generation AFTER DELETE ON town REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION town_delete_generation();

CREATE TRIGGER town_insert_generation AFTER INSERT ON town REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION town_insert_generation();

CREATE TRIGGER town_truncate_generation AFTER TRUNCATE ON town FOR EACH STATEMENT EXECUTE FUNCTION another_directory();

CREATE TRIGGER town_update_generation AFTER UPDATE ON town REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION town_update_generation();

CREATE TRIGGER town_kit_generation AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON town_kit FOR EACH STATEMENT EXECUTE FUNCTION next_generation();

CREATE TRIGGER zone_delete_generation AFTER DELETE ON zone REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_delete_generation();

CREATE TRIGGER zone_insert_generation AFTER INSERT ON zone REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_insert_generation();

CREATE TRIGGER zone_truncate_generation AFTER TRUNCATE ON zone FOR EACH STATEMENT EXECUTE FUNCTION another_directory();

CREATE TRIGGER zone_update_generation AFTER UPDATE ON zone REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_update_generation();

INSERT INTO alembic_version (version_num, oldest_schema) VALUES ('0013', '0013');

INSERT INTO directory_version (id, generation, lineage) VALUES (1, 5, '');
