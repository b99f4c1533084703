-- The schema as it is after all migrations. Made by storage/schema-dump.ts; do not edit.

-- Tables and their columns

table account
  -- fact: what a customer owes and pays under one customer number (户号)
  account_id bigint not null
  organisation_id bigint not null
  code text collate "C" not null
  customer_id bigint not null
table account_terms
  -- fact: the dated facts and equipment that an account is rated by; the last revision that was known counts
  account_id bigint not null
  revision integer not null
  document jsonb not null
  sha256 bytea not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table acting_time_rule
  -- fact: how far the times of acts may lie from the server's; the latest revision holds
  revision integer not null
  tolerance interval
  reason text not null
  recorded_at timestamp with time zone not null default clock_timestamp()
table actor
  -- fact: who can act; every writing command names one
  actor_id text collate "C" not null
  display_name text not null
  kind text not null
  recorded_at timestamp with time zone not null
table agreement_timeline
  -- fact: timeline of what an account is supplied with, where and under which tariff
  account_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  usage_point_id bigint not null
  tariff_code text collate "C" not null
  ladder_from date not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
  usage_class text
  contract_capacity_kva integer
  export_agreed boolean
table approval_right
  -- fact: a person is given the right to approve, or loses it; a grant counts once another person has confirmed it
  actor_id text collate "C" not null
  revision integer not null
  granted boolean not null
  login_name text collate "C"
  founding boolean not null
  author text collate "C" not null
  reason text not null
  recorded_at timestamp with time zone not null
table approval_right_confirmation
  -- fact: another person who may approve confirms that somebody else may
  actor_id text collate "C" not null
  revision integer not null
  approver text collate "C" not null
  confirmed_at timestamp with time zone not null
table area_loss
  -- fact: supply, sale and loss of a transformer area on one day as then known; a later revision supersedes an earlier one
  transformer_area_id bigint not null
  service_date date not null
  revision integer not null
  supply_e4 bigint
  fed_in_e4 bigint not null
  sold_e4 bigint not null
  estimated_e4 bigint not null
  supply_points integer not null
  sold_points integer not null
  estimated_points integer not null
  missing_points integer not null
  verdict text not null
  threshold_e4 integer not null
  policy_version text collate "C" not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
table area_supply_timeline
  -- fact: timeline of the usage points through which a transformer area is fed (台区总表)
  transformer_area_id bigint not null
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table bill
  -- fact: a bill with its packed lines; its number is first_number of segment_issue + ordinal
  segment_id bigint not null
  ordinal integer not null
  account_id bigint not null
  period_start timestamp with time zone not null
  period_end timestamp with time zone not null
  energy_e4 bigint not null
  amount_fen bigint not null
  ladder_energy_e4 bigint not null
  estimated boolean not null
  line_component smallint[] not null
  line_slot smallint[] not null
  line_block smallint[] not null
  line_quantity_e4 bigint[] not null
  line_price_e8 bigint[] not null
  line_fen bigint[] not null
  tariff_code text collate "C" not null
  tariff_version integer not null
  lines_sha256 bytea not null
table bill_number_lock
  -- state: next bill number; each block taken is recorded by segment_issue
  organisation_id bigint not null
  year integer not null
  next_number bigint not null
table billing_run
  -- state: one billing run of an organisation and period; writer billing, events in billing_run_event
  run_id text collate "C" not null
  organisation_id bigint not null
  period_start timestamp with time zone not null
  period_end timestamp with time zone not null
  set_id bigint not null
  state text not null
  changed_at timestamp with time zone not null
table billing_run_event
  -- fact: each step of a billing run, with who took it
  run_id text collate "C" not null
  ordinal integer not null
  state text not null
  actor_id text collate "C" not null
  recorded_at timestamp with time zone not null
table clock_check
  -- fact: a meter's clock less ours, within ± uncertainty_ms, and what it is worth; no time at all is absurd
  meter_id bigint not null
  checked_at timestamp with time zone not null
  meter_time timestamp with time zone
  offset_ms bigint
  uncertainty_ms bigint
  drift_ms_per_day bigint
  class text not null
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
  recorded_at timestamp with time zone not null
table collection_fire
  -- fact: a due instant of a schedule for which windows were put on the list of work
  schedule text collate "C" not null
  time_zone text not null
  due_at timestamp with time zone not null
  revision integer
  windows integer not null
  recorded_at timestamp with time zone not null
table collection_plan
  -- fact: a revision of the collection plan as its author handed it in
  revision integer not null
  document jsonb not null
  sha256 bytea not null
  effective_from timestamp with time zone not null
  recorded_at timestamp with time zone not null
  author text collate "C" not null
  reason text not null
  unfit_windows integer not null default 0
table collection_plan_approval
  -- fact: approval of a revision of the collection plan by another person than its author
  revision integer not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
  unfit_windows integer not null default 0
table component_bill
  -- fact: the packed lines of a bill under a tariff of components, and the state that it leaves to the next one
  segment_id bigint not null
  ordinal integer not null
  lines jsonb not null
  closing jsonb not null
table concentrator_status
  -- fact: a concentrator came or went, and how we know; only changes are kept
  line_id bigint not null
  observed_at timestamp with time zone not null
  online boolean not null
  evidence text not null
  recorded_at timestamp with time zone not null
table concentrator_table_approval
  -- fact: another person, or the standing policy, lets a meter table go out
  push_id text collate "C" not null
  actor_id text collate "C"
  approved_at timestamp with time zone not null
table concentrator_table_delivery
  -- fact: the broker took a meter table over for a concentrator
  push_id text collate "C" not null
  attempt integer not null
  sent_at timestamp with time zone not null
table concentrator_table_entry
  -- projection: concentrator_table_report by address
  address text collate "C" not null
  line_id bigint not null
  reported_at timestamp with time zone not null
  basis text not null
  places integer not null
table concentrator_table_push
  -- fact: a meter table that a concentrator is to have, all of it; sent once it is approved
  push_id text collate "C" not null
  line_id bigint not null
  version bigint not null
  meters jsonb not null
  cause text not null
  actor_id text collate "C" not null
  opened_at timestamp with time zone not null
table concentrator_table_receipt
  -- fact: what a concentrator answered to a meter table
  push_id text collate "C" not null
  outcome text not null
  version_in_force bigint not null
  received_at timestamp with time zone not null
table concentrator_table_report
  -- fact: the meter table that a concentrator says it has; only changes are kept
  line_id bigint not null
  reported_at timestamp with time zone not null
  version bigint not null
  basis text not null
  meters jsonb not null
  recorded_at timestamp with time zone not null
table contact_timeline
  -- fact: timeline of where and on which ground an account may be addressed
  account_id bigint not null
  channel text not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  address text not null
  purpose text not null
  consent_evidence text not null
  verified boolean not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table crew
  -- fact: a collection crew (采集运维班)
  crew_id bigint not null
  organisation_id bigint not null
  code text collate "C" not null
  name text not null
table crew_area_timeline
  -- fact: timeline of which crew owns a transformer area; re-assignment keeps what was
  transformer_area_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  crew_id bigint not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table crew_member_timeline
  -- fact: timeline of who works in a crew
  crew_id bigint not null
  person text collate "C" not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table curve_policy
  -- fact: a revision of the policy of day curves as its author handed it in
  revision integer not null
  document jsonb not null
  sha256 bytea not null
  effective_from timestamp with time zone not null
  recorded_at timestamp with time zone not null
  author text collate "C" not null
  reason text not null
table curve_policy_approval
  -- fact: approval of a revision of the policy of day curves by another person than its author
  revision integer not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
table curve_settlement
  -- fact: curves of the local days [from_date, to_date) were settled at somebody's wish, and what came of it; meter_id null: of all meters
  from_date date not null
  to_date date not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  meter_id bigint
  policy_version text collate "C" not null
  complete integer not null
  filled integer not null
  held integer not null
  open integer not null
  written integer not null
table customer
  -- fact: the contract party
  customer_id bigint not null
  code text collate "C" not null
  name text not null
  kind text not null
  key_account boolean not null
table demand_reading
  -- fact: maximum demands that the last settlement event closed, each with the minute in which it came about; kW or kvar e4 before the multiplier
  meter_id bigint not null
  quantity smallint not null
  settled_at timestamp with time zone not null
  claim_digest bytea not null
  total_e4 bigint not null
  total_at timestamp with time zone
  tou1_e4 bigint
  tou1_at timestamp with time zone
  tou2_e4 bigint
  tou2_at timestamp with time zone
  tou3_e4 bigint
  tou3_at timestamp with time zone
  tou4_e4 bigint
  tou4_at timestamp with time zone
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
  recorded_at timestamp with time zone not null
table deployment
  -- fact: what this database is for
  singleton boolean not null default true
  purpose text not null
  seed bigint
  created_at timestamp with time zone not null
table determinant
  -- fact: what an account is billed on for a period, with the readings it came from
  set_id bigint not null
  account_id bigint not null
  usage_point_id bigint not null
  tariff_code text collate "C" not null
  settlement_kind text not null
  period_start timestamp with time zone not null
  period_end timestamp with time zone not null
  ladder_from date not null
  energy_e4 bigint not null
  tou1_e4 bigint not null
  tou2_e4 bigint not null
  tou3_e4 bigint not null
  tou4_e4 bigint not null
  estimated boolean not null
  meter_ids bigint[] not null
  multipliers integer[] not null
  start_reads timestamp with time zone[] not null
  end_reads timestamp with time zone[] not null
table determinant_hold
  -- fact: an account whose quantity is in doubt, and why; it gets no bill from this set
  set_id bigint not null
  account_id bigint not null
  code text not null
  detail text not null
table determinant_quantity
  -- fact: a further quantity of an account in a freeze, with the readings and decisions it came from, or why it is not known
  set_id bigint not null
  account_id bigint not null
  quantity text collate "C" not null
  other_point_id bigint not null
  usage_point_id bigint not null
  unit text not null
  total_e4 bigint
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  moment timestamp with time zone
  missing text
  basis text not null
  meter_ids bigint[] not null
  multipliers integer[] not null
  start_reads timestamp with time zone[] not null
  end_reads timestamp with time zone[] not null
  start_revisions integer[] not null
  end_revisions integer[] not null
  start_origins text[] not null
  end_origins text[] not null
  instead_of text
table determinant_set
  -- fact: one freeze of every account's billing determinants for a period
  set_id bigint not null
  organisation_id bigint not null
  period_start timestamp with time zone not null
  period_end timestamp with time zone not null
  revision integer not null
  account_count integer not null
  digest bytea not null
  recorded_at timestamp with time zone not null
table due_exemption
  -- fact: a person asks that the due points of a meter over [from_at, to_at) be excused, and why
  exemption_id text collate "C" not null
  meter_id bigint not null
  from_at timestamp with time zone not null
  to_at timestamp with time zone not null
  reason text not null
  document text not null
  author text collate "C" not null
  recorded_at timestamp with time zone not null
table due_exemption_approval
  -- fact: a second person grants an exemption; from here on it counts
  exemption_id text collate "C" not null
  approver text collate "C" not null
  recorded_at timestamp with time zone not null
table due_purpose
  -- fact: a billing boundary for which a due point is wanted; such points go first
  meter_id bigint not null
  template text collate "C" not null
  read_at timestamp with time zone not null
  purpose text not null
  recorded_at timestamp with time zone not null
table due_read
  -- fact: a due point: what (template) is wanted of this meter at this instant
  meter_id bigint not null
  read_at timestamp with time zone not null
  usage_point_id bigint not null
  line_id bigint not null
  recorded_at timestamp with time zone not null
  template text collate "C" not null default 'daily_freeze'::text
  daily boolean not null default true
table dunning_case
  -- state: the collection of one overdue open item; writer dunning, events in dunning_case_event
  case_id uuid not null
  segment_id bigint not null
  ordinal integer not null
  account_id bigint not null
  policy_code text collate "C" not null
  policy_version integer not null
  state text not null
  step integer not null
  effective_count integer not null
  changed_at timestamp with time zone not null
table dunning_case_event
  -- fact: each input a case took and what came of it
  case_id uuid not null
  ordinal integer not null
  kind text not null
  detail jsonb not null
  occurred_at timestamp with time zone not null
table dunning_policy_version
  -- fact: a dunning policy as data; cases keep the version they began under
  policy_code text collate "C" not null
  version integer not null
  document jsonb not null
  sha256 bytea not null
  author text collate "C" not null
  approver text collate "C" not null
  recorded_at timestamp with time zone not null
table end_device_event
  -- fact: something a meter wrote down, under its own time; an event that was still going on has a further row once it has ended
  meter_id bigint not null
  kind text collate "C" not null
  occurred_at timestamp with time zone not null
  ordinal smallint not null
  claim_digest bytea not null
  ended_at timestamp with time zone
  operator text
  detail jsonb not null
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
  recorded_at timestamp with time zone not null
table estimate
  -- fact: how a value was estimated, its 90 % interval and its basis; what comes later supersedes it and leaves it here
  meter_id bigint not null
  quantity smallint not null
  read_at timestamp with time zone not null
  revision integer not null
  method text collate "C" not null
  low_e4 bigint not null
  high_e4 bigint not null
  before_at timestamp with time zone not null
  after_at timestamp with time zone
  history_days integer not null
  peers integer not null
  boundary boolean not null
  policy_version text collate "C" not null
  recorded_at timestamp with time zone not null
table estimation_policy
  -- fact: a revision of the estimation policy as its author handed it in
  revision integer not null
  document jsonb not null
  sha256 bytea not null
  effective_from timestamp with time zone not null
  recorded_at timestamp with time zone not null
  author text collate "C" not null
  reason text not null
table estimation_policy_approval
  -- fact: approval of a revision of the estimation policy by another person than its author
  revision integer not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
table event_count
  -- fact: how often a kind of event has happened by the meter's own count; written when it changed
  meter_id bigint not null
  kind text collate "C" not null
  counted_at timestamp with time zone not null
  counted integer not null
  recorded_at timestamp with time zone not null
table exception
  -- fact: a doubt about a reading, an account or an area; its events say whether it is open
  exception_key text collate "C" not null
  code text collate "C" not null default "left"(md5(exception_key), 8)
  kind text collate "C" not null
  usage_point_id bigint
  transformer_area_id bigint
  meter_id bigint
  quantity smallint
  read_at timestamp with time zone
  account_id bigint
  period_start timestamp with time zone
  period_end timestamp with time zone
  recorded_at timestamp with time zone not null
table exception_decision
  -- fact: what a person decided about one or many exceptions, frozen as a list
  decision_id uuid not null
  action text not null
  reason text not null
  evidence text not null
  selection text not null
  hold_until timestamp with time zone
  undoes uuid
  item_count integer not null
  effect_e4 bigint not null
  effect_fen bigint not null
  unknown_effects integer not null
  approvals_needed integer not null
  policy_revision integer not null
  actor_id text collate "C" not null
  recorded_at timestamp with time zone not null
  override_code text
table exception_decision_approval
  -- fact: another person approved a decision
  decision_id uuid not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
  override_code text
table exception_decision_item
  -- fact: one exception in a decision, with the value that was seen or given
  decision_id uuid not null
  exception_key text collate "C" not null
  action text not null
  seen_ordinal integer not null
  seen_revision integer
  total_e4 bigint
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  source smallint
  effect_e4 bigint
  effect_fen bigint
  warnings text[] not null default '{}'::text[]
  refused boolean not null default false
table exception_decision_redo
  -- fact: frozen periods that rested on what a decision changed were frozen anew, or there were none
  decision_id uuid not null
  recorded_at timestamp with time zone not null
table exception_effect
  -- fact: what came of a decision for one exception; its key makes that happen once
  decision_id uuid not null
  exception_key text collate "C" not null
  outcome text not null
  validation_revision integer
  field_order_id uuid
  detail text not null
  recorded_at timestamp with time zone not null
table exception_event
  -- fact: an exception was opened or closed; the last event holds
  exception_key text collate "C" not null
  ordinal integer not null
  event text not null
  rules text[] not null
  detail text not null
  evidence jsonb not null
  deadline timestamp with time zone
  policy_revision integer not null
  decision_id uuid
  recorded_at timestamp with time zone not null
table exception_finding
  -- fact: something that a check found and a person has to look at
  finding_key text collate "C" not null
  kind text collate "C" not null
  usage_point_id bigint
  transformer_area_id bigint
  meter_id bigint
  account_id bigint
  read_at timestamp with time zone
  period_start timestamp with time zone
  period_end timestamp with time zone
  detail text not null
  evidence jsonb not null
  recorded_at timestamp with time zone not null
  quantity smallint
table exception_finding_end
  -- fact: a finding is no longer so
  finding_key text collate "C" not null
  reason text not null
  recorded_at timestamp with time zone not null
table exception_look
  -- fact: a run of the exception queue looked at everything that was in doubt
  looked_at timestamp with time zone not null
  actor_id text collate "C" not null
table exception_policy
  -- fact: a revision of the policy of the exception queue as its author handed it in
  revision integer not null
  document jsonb not null
  author text collate "C"
  reason text not null
  recorded_at timestamp with time zone not null
  sha256 bytea not null
  effective_from timestamp with time zone not null
table exception_policy_approval
  -- fact: approval of a revision of the policy by another person than its author
  revision integer not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
table failed_read
  -- fact: one attempt at a due point that brought no value, and why
  meter_id bigint not null
  read_at timestamp with time zone not null
  attempt integer not null
  cause text not null
  failed_at timestamp with time zone not null
  template text collate "C" not null default 'daily_freeze'::text
  recorded_at timestamp with time zone
table field_event
  -- fact: a seal or a fault of a meter as somebody found or left it on site
  meter_id bigint not null
  occurred_at timestamp with time zone not null
  event text not null
  person text not null
  seals_found jsonb not null
  seals_placed jsonb not null
  document text not null
  detail text
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  revision integer not null default 1
table field_event_withdrawal
  -- fact: a seal or a fault was not so; from here on it no longer counts
  meter_id bigint not null
  occurred_at timestamp with time zone not null
  event text not null
  revision integer not null
  correction_id uuid not null
  recorded_at timestamp with time zone not null
table field_order
  -- fact: a visit asked for because a due point has no value (补抄)
  field_order_id uuid not null
  meter_id bigint not null
  usage_point_id bigint not null
  read_at timestamp with time zone not null
  grid_cell_id bigint not null
  cause text not null
  due_at timestamp with time zone not null
  recorded_at timestamp with time zone not null
table field_order_result
  -- fact: what came of a field order
  field_order_id uuid not null
  outcome text not null
  evidence text not null
  actor_id text collate "C" not null
  recorded_at timestamp with time zone not null
  reader text
  visited_at timestamp with time zone
table flow_timeline
  -- fact: timeline of the direction of energy at a usage point; import where none is stated
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  direction text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table frame
  -- fact: bytes as they came from a line, with the request they answer; the root of every proof
  line_id bigint not null
  line_sequence bigint not null
  received_at timestamp with time zone not null
  meter_id bigint
  protocol text not null
  request bytea
  response bytea not null
table grid_cell
  -- fact: a grid cell (网格) and the manager to whom its manual tasks go
  grid_cell_id bigint not null
  organisation_id bigint not null
  code text collate "C" not null
  name text not null
  manager text collate "C" not null
  deputy text collate "C"
table installation_timeline
  -- fact: timeline of which meter measures a usage point, and over which line it is read
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  meter_id bigint not null
  line_id bigint not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table interval_absence
  -- fact: the meter was asked for this slot and its memory does not hold it; it is not asked for again
  meter_id bigint not null
  curve smallint not null
  slot_start timestamp with time zone not null
  found_at timestamp with time zone not null
  recorded_at timestamp with time zone not null
table interval_charge
  -- fact: the lines of an account rated by its interval days
  rating_id bigint not null
  account_id bigint not null
  tariff_code text collate "C" not null
  tariff_version integer not null
  period_start timestamp with time zone not null
  period_end timestamp with time zone not null
  energy_e4 bigint not null
  amount_fen bigint not null
  line_component smallint[] not null
  line_slot smallint[] not null
  line_quantity_e4 bigint[] not null
  line_price_e8 bigint[] not null
  line_fen bigint[] not null
  lines_sha256 bytea not null
table interval_day
  -- fact: a day of a curve as decided, its registers at both ends and the rules that spoke; a later revision supersedes an earlier one
  meter_id bigint not null
  channel smallint not null
  day_start timestamp with time zone not null
  revision integer not null
  service_date date not null
  slot_minutes smallint not null
  slot_count smallint not null
  values_e4 bytea not null
  qualities bytea not null
  start_e4 bigint
  end_e4 bigint
  sum_e4 bigint not null
  difference_e4 bigint
  verdict text not null
  rules text[] not null
  reason text not null
  fills jsonb
  content_digest bytea not null
  policy_version text collate "C" not null
  recorded_at timestamp with time zone not null
table interval_exception
  -- fact: an account with interval days that could not be rated by them, and why
  rating_id bigint not null
  account_id bigint not null
  code text not null
  detail text not null
table interval_piece
  -- fact: one point of a curve as it came, under its slot [slot_start, slot_end); cumulative registers are those at slot_end
  meter_id bigint not null
  curve smallint not null
  slot_start timestamp with time zone not null
  slot_end timestamp with time zone not null
  claim_digest bytea not null
  values_e4 bigint[] not null
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
  recorded_at timestamp with time zone not null
table interval_rating
  -- fact: the accounts of a determinant set with interval days, rated under these tariff versions
  rating_id bigint not null generated as identity
  set_id bigint not null
  tariffs_sha256 bytea not null
  tariffs jsonb not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
table interval_rating_shard
  -- fact: a shard of such a rating is complete, with what it came to
  rating_id bigint not null
  first_account_id bigint not null
  last_account_id bigint not null
  account_count integer not null
  charged_count integer not null
  parked_count integer not null
  energy_e4 numeric not null
  amount_fen numeric not null
  result_sha256 bytea not null
  recorded_at timestamp with time zone not null
table journal_entry
  -- fact: one double-entry posting with all its legs; never changed, corrected by another entry
  segment_id bigint not null
  ordinal integer not null
  effective_date date not null
  document_kind text not null
  account_id bigint
  ledger_numbers integer[] not null
  amounts_fen bigint[] not null
table ledger_account
  -- fact: chart of accounts; written by migrations only
  account_number integer not null
  name_zh text not null
  name_en text not null
  normal_side text not null
table ledger_lock
  -- state: taken while a posting takes its place in the chain; holds nothing
  singleton boolean not null default true
table ledger_segment
  -- fact: a batch of journal entries under one natural key
  segment_id bigint not null
  natural_key text collate "C" not null
  kind text not null
  recorded_at timestamp with time zone not null
table line
  -- fact: one half-duplex bus, Modbus gateway or concentrator uplink; one owner at a time reads it
  line_id bigint not null
  organisation_id bigint not null
  code text collate "C" not null
  kind text not null
  settings jsonb not null
table line_lease
  -- state: who may talk on a line, under which fencing token
  line_id bigint not null
  owner text not null
  fencing_token bigint not null
  expires_at timestamp with time zone not null
table line_lease_event
  -- fact: each change of owner of a line
  line_id bigint not null
  fencing_token bigint not null
  owner text not null
  taken_at timestamp with time zone not null
table line_statistics
  -- fact: frames and bytes of one collection window on one line
  line_id bigint not null
  window_start timestamp with time zone not null
  window_key text collate "C" not null
  requests bigint not null
  replies bigint not null
  bytes_out bigint not null
  bytes_in bigint not null
  damaged bigint not null
  refused bigint not null
  repaired bigint not null
  timeouts bigint not null
  recorded_at timestamp with time zone not null
table loss_policy
  -- fact: a revision of the policy of area losses as its author handed it in
  revision integer not null
  document jsonb not null
  sha256 bytea not null
  effective_from timestamp with time zone not null
  recorded_at timestamp with time zone not null
  author text collate "C" not null
  reason text not null
table loss_policy_approval
  -- fact: approval of a revision of the policy of area losses by another person than its author
  revision integer not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
table manual_reading
  -- fact: registers that people brought: a read on site, an exchange, a file; never replaces a frame
  meter_id bigint not null
  quantity smallint not null
  read_at timestamp with time zone not null
  total_e4 bigint not null
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  source smallint not null
  document text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  revision integer not null default 1
  claim_digest bytea not null default '\x'::bytea
  reader text
  noted_for text collate "C" not null default ''::text
table manual_reading_withdrawal
  -- fact: a note went with the change that it was made at; it is no claim any more
  meter_id bigint not null
  quantity smallint not null
  read_at timestamp with time zone not null
  source smallint not null
  revision integer not null
  noted_at timestamp with time zone not null
  correction_id uuid not null
  recorded_at timestamp with time zone not null
  noted_for text collate "C" not null default ''::text
table manual_task
  -- fact: a visit or call by a person, only after three effective automatic notices
  task_id uuid not null
  case_id uuid not null
  account_id bigint not null
  grid_cell_id bigint not null
  assignee text collate "C" not null
  open_fen bigint not null
  due_date date not null
  recorded_at timestamp with time zone not null
table manual_task_event
  -- fact: what came of a manual task
  task_id uuid not null
  ordinal integer not null
  outcome text not null
  actor_id text collate "C" not null
  occurred_at timestamp with time zone not null
table meter
  -- state: a meter as an asset, as it is described now; register_digits are the digits before the decimal point
  meter_id bigint not null
  code text collate "C" not null
  protocol text not null
  communication_address text collate "C" not null
  model text not null
  register_digits smallint not null
  register_decimals smallint not null
table meter_credential
  -- fact: a sealed password with its operator code; the latest version holds
  credential_code text collate "C" not null
  version integer not null
  nonce bytea not null
  cipher_text bytea not null
  tag bytea not null
  actor_id text collate "C" not null
  recorded_at timestamp with time zone not null
table meter_description
  -- fact: the description of a meter was wrong, and which one is right; two people stand for it
  meter_id bigint not null
  revision integer not null
  was_protocol text not null
  was_communication_address text collate "C" not null
  was_model text not null
  was_register_digits smallint not null
  was_register_decimals smallint not null
  protocol text not null
  communication_address text collate "C" not null
  model text not null
  register_digits smallint not null
  register_decimals smallint not null
  correction_id uuid not null
  recorded_at timestamp with time zone not null
table meter_exchange
  -- fact: a meter exchange; its stop and start registers are readings with source exchange
  usage_point_id bigint not null
  exchanged_at timestamp with time zone not null
  old_meter_id bigint not null
  new_meter_id bigint not null
  document text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  revision integer not null default 1
table meter_exchange_withdrawal
  -- fact: an exchange was not so; from here on it no longer counts
  usage_point_id bigint not null
  exchanged_at timestamp with time zone not null
  revision integer not null
  correction_id uuid not null
  recorded_at timestamp with time zone not null
table meter_order
  -- fact: exactly what is to be written to which meter, until when and why
  order_id uuid not null
  meter_id bigint not null
  communication_address text collate "C" not null
  kind text collate "C" not null
  parameters jsonb not null
  credential_code text collate "C"
  reason text not null
  author text collate "C" not null
  not_before timestamp with time zone not null
  expires_at timestamp with time zone not null
  order_digest bytea not null
  recorded_at timestamp with time zone not null
table meter_order_approval
  -- fact: a person other than the author approved an order
  order_id uuid not null
  approver text collate "C" not null
  order_digest bytea not null
  approved_at timestamp with time zone not null
table meter_order_attempt
  -- fact: a node could not write an approved order, and why; nothing was sent
  order_id uuid not null
  tried_at timestamp with time zone not null
  node text not null
  reason text collate "C" not null
table meter_order_group
  -- fact: orders that are one act: the time-of-use tables that a meter is to have
  group_id uuid not null
  meter_id bigint not null
  kind text not null
  parameters jsonb not null
  reason text not null
  author text collate "C" not null
  not_before timestamp with time zone not null
  expires_at timestamp with time zone not null
  group_digest bytea not null
  recorded_at timestamp with time zone not null
table meter_order_group_approval
  -- fact: a person other than the author approved a group of orders as a whole
  group_id uuid not null
  approver text collate "C" not null
  group_digest bytea not null
  approved_at timestamp with time zone not null
table meter_order_member
  -- fact: an order that is a part of a group, in the sequence of writing
  group_id uuid not null
  ordinal integer not null
  order_id uuid not null
table meter_order_result
  -- fact: what became of a used order; unknown until the meter could be asked
  order_id uuid not null
  ordinal integer not null
  verdict text not null
  request_trace text
  answer_trace text
  read_back jsonb not null
  detail text not null
  recorded_at timestamp with time zone not null
table meter_order_rule
  -- fact: approvals and longest validity of a kind of order; the latest revision holds
  kind text collate "C" not null
  revision integer not null
  approvals integer not null
  longest_minutes integer not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C"
table meter_order_rule_approval
  -- fact: a revision of a rule for orders was approved by another person than its author
  kind text collate "C" not null
  revision integer not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
table meter_order_use
  -- fact: an order was used; its key makes that happen once
  order_id uuid not null
  line_id bigint not null
  node text not null
  fencing_token bigint not null
  used_at timestamp with time zone not null
table meter_statistics
  -- fact: exchanges with one meter on one line in one window; lines and concentrators are sums of it
  meter_id bigint not null
  line_id bigint not null
  window_start timestamp with time zone not null
  window_key text collate "C" not null
  attempts integer not null
  replies integer not null
  timeouts integer not null
  damaged integer not null
  refused integer not null
  round_trips integer[] not null
  last_contact_at timestamp with time zone
  recorded_at timestamp with time zone not null
table meter_verification
  -- fact: a verification of a meter, its certificate and the last day for which it is good
  meter_id bigint not null
  verified_on date not null
  valid_until date not null
  certificate text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
table money_at_risk
  -- fact: mean price per kWh and expected energy of an account in a period; the latest revision counts
  account_id bigint not null
  period_start timestamp with time zone not null
  revision integer not null
  price_e8 bigint not null
  expected_energy_e4 bigint not null
  recorded_at timestamp with time zone not null
table multiplier_timeline
  -- fact: timeline of the instrument transformers; the multiplier is ct_ratio × pt_ratio
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  ct_ratio integer not null
  pt_ratio integer not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table night_tally
  -- projection: the due points of a midnight from the facts recorded by an instant; computed again it is the same
  read_at timestamp with time zone not null
  tallied_at timestamp with time zone not null
  points bigint not null
  rest bigint not null
  listed boolean not null
table night_tally_cell
  -- projection: due points of a tallied midnight by where they belong
  read_at timestamp with time zone not null
  tallied_at timestamp with time zone not null
  template text collate "C" not null
  line_id bigint not null
  transformer_area_id bigint not null
  organisation_id bigint not null
  points integer not null
table night_tally_rest
  -- projection: due points of a tallied midnight that were not read at the first pass
  read_at timestamp with time zone not null
  tallied_at timestamp with time zone not null
  meter_id bigint not null
  template text collate "C" not null
table notice
  -- fact: an automatic notice of a case, with the amount it names
  notice_id uuid not null
  case_id uuid not null
  step integer not null
  attempt integer not null
  channel text not null
  template text not null
  open_fen bigint not null
  recorded_at timestamp with time zone not null
table opening_batch
  -- fact: opening state of accounts at go-live with its control totals; in force once two people have approved it
  code text collate "C" not null
  as_of timestamp with time zone not null
  document text not null
  item_count integer not null
  register_e4 numeric(30,0) not null
  ladder_e4 numeric(30,0) not null
  estimate_e4 numeric(30,0) not null
  prepaid_fen numeric(30,0) not null
  arrear_fen numeric(30,0) not null
  sha256 text collate "C" not null
  author text collate "C" not null
  recorded_at timestamp with time zone not null
table opening_batch_approval
  -- fact: another person has compared an opening batch with the old books
  code text collate "C" not null
  sha256 text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
table opening_batch_redo
  -- fact: frozen periods with accounts of an opening batch in force were frozen anew, or there were none
  code text collate "C" not null
  recorded_at timestamp with time zone not null
table opening_item
  -- fact: one thing that an account brings along from the old books: registers, ladder, demand, estimate, money
  batch text collate "C" not null
  account_id bigint not null
  kind text not null
  meter_id bigint
  month text collate "C"
  bill text collate "C"
  from_day date
  to_day date
  energy_e4 bigint
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  ladder_months smallint
  demand_kw_e4 bigint
  amount_fen bigint
  due_date date
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
table opening_state
  -- fact: year-to-date ladder energy (kWh e4) of an account at go-live
  account_id bigint not null
  as_of timestamp with time zone not null
  ladder_energy_e4 bigint not null
  document text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  batch text collate "C"
table organisation
  -- fact: the organisation tree; every figure rolls up along it
  organisation_id bigint not null
  code text collate "C" not null
  parent_id bigint
  name text not null
  level text not null
  time_zone text not null
  currency character(3) not null
  minor_digits smallint not null
table outbox_event
  -- fact: what became of an outbox message
  message_id uuid not null
  ordinal integer not null
  kind text not null
  provider_reference text
  detail text not null
  occurred_at timestamp with time zone not null
table outbox_message
  -- fact: a message to be sent, keyed by what it is about so that it can exist only once
  message_id uuid not null
  kind text not null
  channel text not null
  address text not null
  body jsonb not null
  not_before timestamp with time zone not null
  expires_at timestamp with time zone not null
  recorded_at timestamp with time zone not null
table payment
  -- fact: money a channel reported; account null = unidentified, in suspense
  channel text collate "C" not null
  provider_reference text collate "C" not null
  account_id bigint
  amount_fen bigint not null
  paid_at timestamp with time zone not null
  segment_id bigint not null
  ordinal integer not null
  recorded_at timestamp with time zone not null
table payment_allocation
  -- fact: which receivable a payment cleared, and how much of it
  channel text collate "C" not null
  provider_reference text collate "C" not null
  receivable_segment_id bigint not null
  receivable_ordinal integer not null
  amount_fen bigint not null
table planned_outage
  -- fact: power that is to be off over [starts_at, ends_at) in an area or on a line; it excuses only what it foretold
  planned_outage_id bigint not null
  code text collate "C" not null
  transformer_area_id bigint
  line_id bigint
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  document text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
table quarantine
  -- fact: messages refused before they became readings, with the reason
  quarantine_id text collate "C" not null
  line_id bigint
  reason text not null
  payload bytea not null
  received_at timestamp with time zone not null
table read_request
  -- fact: an on-demand read of items of one meter, to be answered by a deadline
  request_id text collate "C" not null
  meter_id bigint not null
  line_id bigint not null
  items text[] not null
  requested_at timestamp with time zone not null
  deadline timestamp with time zone not null
  actor_id text collate "C" not null
table read_request_result
  -- fact: what an on-demand read of one item came to, with its bytes
  request_id text collate "C" not null
  item text collate "C" not null
  outcome text not null
  cause text
  payload bytea
  requests bytea[] not null
  responses bytea[] not null
  node text not null
  answered_at timestamp with time zone not null
table reading
  -- fact: the first claim of a register set under its natural key (meter, quantity, instant)
  meter_id bigint not null
  quantity smallint not null
  read_at timestamp with time zone not null
  total_e4 bigint not null
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  source smallint not null
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone
  recorded_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
table reading_claim
  -- fact: further claims with another value under a key that reading holds; any row here makes the key disputed
  meter_id bigint not null
  quantity smallint not null
  read_at timestamp with time zone not null
  total_e4 bigint not null
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  source smallint not null
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone
  recorded_at timestamp with time zone not null
  claim_digest bytea not null
  frame_offset integer
  frame_length integer
table reading_day_timeline
  -- fact: timeline of the day of the month on which a usage point is read; day 1 where none is stated
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  reading_day smallint not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table receivable
  -- fact: the open item (应收) a bill became at issue
  segment_id bigint not null
  ordinal integer not null
  account_id bigint not null
  due_date date not null
  amount_fen bigint not null
  old_bill text collate "C"
table registry_correction
  -- fact: a person wants a change of master data withdrawn, or something else in its place
  correction_id uuid not null
  kind text collate "C" not null
  usage_point_id bigint
  account_id bigint
  meter_id bigint
  at timestamp with time zone not null
  event text
  document jsonb not null
  reason text not null
  correction_bill_due boolean not null
  author text collate "C" not null
  recorded_at timestamp with time zone not null
  content_id uuid not null
  withdraws integer
  carries jsonb not null default '[]'::jsonb
table registry_correction_approval
  -- fact: another person said the same as the author of a correction; it takes effect in the same transaction
  correction_id uuid not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
  leaves integer
table registry_correction_redo
  -- fact: readings and frozen periods that rested on what was corrected were done anew
  correction_id uuid not null
  recorded_at timestamp with time zone not null
table registry_late_change
  -- fact: a change that withdraws nothing, told late of a time that was frozen and not billed, took effect by its author's word alone
  correction_id uuid not null
  recorded_at timestamp with time zone not null
table relation_timeline
  -- fact: timeline of which usage point another one is a part of (总分, 套扣, 定比, 定量), and by how much
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  parent_id bigint not null
  kind text not null
  share_e6 integer
  quantity_e4 bigint
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table relay_status
  -- fact: what status word 3 said: the relay itself, the command it was given, and the time-of-use set in use
  meter_id bigint not null
  read_at timestamp with time zone not null
  status_word integer not null
  relay_open boolean not null
  command_open boolean not null
  day_table_set smallint not null
  zone_table smallint not null
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
  recorded_at timestamp with time zone not null
table revalidation
  -- fact: readings of [from_at, to_at) were judged anew although no claim had come, why and at whose wish
  from_at timestamp with time zone not null
  to_at timestamp with time zone not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
  meter_ids bigint[]
table run_exception
  -- fact: an account that gets no bill from this run, and why
  run_id text collate "C" not null
  account_id bigint not null
  code text not null
  detail text not null
  recorded_at timestamp with time zone not null
table run_input
  -- fact: what the accounts of a shard are billed on, as the run froze it, in columns
  segment_id bigint not null
  usages bytea not null
table run_manifest
  -- fact: everything a run depends on; the same manifest gives the same bills
  run_id text collate "C" not null
  document jsonb not null
  sha256 bytea not null
  recorded_at timestamp with time zone not null
table run_segment
  -- fact: one shard of a run
  segment_id bigint not null
  run_id text collate "C" not null
  segment_no integer not null
  first_account_id bigint not null
  last_account_id bigint not null
  account_count integer not null
table segment_balance
  -- fact: a segment's totals per ledger account, written with its posting; reports read these
  segment_id bigint not null
  account_number integer not null
  debit_fen numeric(30,0) not null
  credit_fen numeric(30,0) not null
table segment_issue
  -- fact: the issue (发行) of a segment; its bills exist for others from here on
  segment_id bigint not null
  issued_by text collate "C" not null
  issued_at timestamp with time zone not null
  first_number bigint not null
  bill_count integer not null
  digest bytea not null
table segment_posting
  -- fact: the posting of a segment; chain_sha256 covers its entries and the posting before
  segment_id bigint not null
  posted_by text collate "C" not null
  posted_at timestamp with time zone not null
  chain_no bigint not null
  entry_count integer not null
  chain_sha256 bytea not null
table segment_result
  -- fact: what a dry run of a segment came to
  segment_id bigint not null
  attempt integer not null
  bill_count integer not null
  exception_count integer not null
  energy_e4 bigint not null
  amount_fen bigint not null
  digest bytea not null
  recorded_at timestamp with time zone not null
table segment_review
  -- fact: the review (应收审核) of a segment: the reviewer accepted exactly this digest
  segment_id bigint not null
  digest bytea not null
  reviewed_by text collate "C" not null
  reviewed_at timestamp with time zone not null
table settlement_reading
  -- fact: registers as they stood at a meter's last settlement event (DI0 = 01), filed under the moment its settlement day 1 names
  meter_id bigint not null
  quantity smallint not null
  settled_at timestamp with time zone not null
  claim_digest bytea not null
  total_e4 bigint not null
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
  recorded_at timestamp with time zone not null
table standing_order
  -- fact: a version of a standing order for broadcast time; two approvals put it in force
  code text collate "C" not null
  version integer not null
  document jsonb not null
  sha256 bytea not null
  author text collate "C" not null
  recorded_at timestamp with time zone not null
table standing_order_approval
  -- fact: a person other than the author approved a version of a standing order
  code text collate "C" not null
  version integer not null
  approver text collate "C" not null
  sha256 bytea not null
  approved_at timestamp with time zone not null
table standing_order_unsent
  -- fact: the frame of a used broadcast did not leave, and why
  line_id bigint not null
  service_date date not null
  reason text not null
  recorded_at timestamp with time zone not null
table standing_order_use
  -- fact: the one broadcast time of a line and day was used; unless standing_order_unsent says so, its frame left or its process died before
  line_id bigint not null
  service_date date not null
  code text collate "C" not null
  version integer not null
  node text not null
  fencing_token bigint not null
  used_at timestamp with time zone not null
table suspension_timeline
  -- fact: timeline of suspended supply at a usage point
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  document text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table tariff_signature
  -- fact: an approval of a tariff version; a run uses only versions with two
  tariff_code text collate "C" not null
  version integer not null
  actor_id text collate "C" not null
  signed_at timestamp with time zone not null
table tariff_version
  -- fact: a published tariff as data, valid over [valid_from, valid_to)
  tariff_code text collate "C" not null
  version integer not null
  valid_from date not null
  valid_to date
  document jsonb not null
  sha256 bytea not null
  author text collate "C" not null
  recorded_at timestamp with time zone not null
table time_series
  -- state: the tables partitioned by time; written by migrations only
  table_name text collate "C" not null
  time_column text not null
table tou_reading
  -- fact: the tables of a meter as read, the sets in use and when they change over; null: the meter does not say
  meter_id bigint not null
  read_at timestamp with time zone not null
  tables_digest bytea not null
  zone_table smallint
  day_table_set smallint
  zone_switch_at timestamp with time zone
  day_switch_at timestamp with time zone
  line_id bigint
  line_sequence bigint
  frame_received_at timestamp with time zone not null
  frame_offset integer
  frame_length integer
  recorded_at timestamp with time zone not null
table tou_tables
  -- fact: zone tables, day tables, holidays and rest days as some meter has them, and the items that it does not have
  tables_digest bytea not null
  document jsonb not null
  recorded_at timestamp with time zone not null
table transformer_area
  -- fact: the usage points behind one public transformer (台区)
  transformer_area_id bigint not null
  organisation_id bigint not null
  code text collate "C" not null
  name text not null
table transformer_timeline
  -- fact: timeline of the transformer of a usage point and of the side on which it is metered
  usage_point_id bigint not null
  revision integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  transformer_code text collate "C" not null
  rated_kva integer not null
  no_load_loss_kw_e4 bigint not null
  load_loss_kw_e4 bigint not null
  no_load_current_e4 bigint
  impedance_e4 bigint
  metering_side text not null
  recorded_at timestamp with time zone not null
  actor_id text collate "C" not null
  reason text not null
table usage_point
  -- fact: the place where energy is supplied and measured (计量点)
  usage_point_id bigint not null
  organisation_id bigint not null
  code text collate "C" not null
  transformer_area_id bigint not null
  grid_cell_id bigint not null
  supply_address text not null
table validation_decision
  -- fact: the decided value of one key, with the rules that spoke; raw claims stay as they are
  meter_id bigint not null
  quantity smallint not null
  read_at timestamp with time zone not null
  revision integer not null
  verdict text not null
  total_e4 bigint
  tou1_e4 bigint
  tou2_e4 bigint
  tou3_e4 bigint
  tou4_e4 bigint
  source smallint
  rules text[] not null
  reason text not null
  recorded_at timestamp with time zone not null
  policy_version text collate "C"
  decided_by text collate "C"
table validation_policy
  -- fact: a revision of the validation policy as its author handed it in
  revision integer not null
  document jsonb not null
  sha256 bytea not null
  effective_from timestamp with time zone not null
  recorded_at timestamp with time zone not null
  author text collate "C" not null
  reason text not null
table validation_policy_approval
  -- fact: approval of a revision of the validation policy by another person than its author
  revision integer not null
  author text collate "C" not null
  approver text collate "C" not null
  approved_at timestamp with time zone not null
table window_completion
  -- fact: what the window of a forecast took, and what was measured on its line
  line_id bigint not null
  window_start timestamp with time zone not null
  ordinal integer not null
  jobs integer not null
  done integer not null
  airtime_ms bigint not null
  achieved_end timestamp with time zone not null
  turnaround_us integer
  loss_ppm integer
  recorded_at timestamp with time zone not null
table window_forecast
  -- fact: what a window on a line was expected to take and what could not fit: ordinal 0 before it opened, later ones when a node began it
  line_id bigint not null
  window_start timestamp with time zone not null
  ordinal integer not null
  jobs integer not null
  airtime_ms bigint not null
  predicted_end timestamp with time zone not null
  unfit_jobs integer not null
  missing_ms bigint not null
  turnaround_us integer not null
  loss_ppm integer not null
  recorded_at timestamp with time zone not null
table work_item
  -- state: a piece of work under a key its creator can recompute; events in work_item_event
  kind text collate "C" not null
  natural_key text collate "C" not null
  due_at timestamp with time zone not null
  state text not null
  attempt integer not null
  fencing_token bigint not null
  lease_until timestamp with time zone
  payload jsonb not null
  changed_at timestamp with time zone not null
table work_item_event
  -- fact: each change of a work item
  kind text collate "C" not null
  natural_key text collate "C" not null
  ordinal integer not null
  state text not null
  fencing_token bigint not null
  detail text not null
  occurred_at timestamp with time zone not null

-- Time series (7-day partitions from Thursday 00:00 UTC)

clock_check by checked_at
demand_reading by settled_at
due_purpose by read_at
due_read by read_at
end_device_event by occurred_at
event_count by counted_at
failed_read by read_at
frame by received_at
interval_absence by slot_start
interval_day by day_start
interval_piece by slot_start
line_statistics by window_start
manual_reading by read_at
meter_statistics by window_start
night_tally_cell by read_at
night_tally_rest by read_at
reading by read_at
reading_claim by read_at
relay_status by read_at
settlement_reading by settled_at
validation_decision by read_at
window_completion by window_start
window_forecast by window_start

-- Constraints

account: FOREIGN KEY (customer_id) REFERENCES customer(customer_id)
account: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
account: PRIMARY KEY (account_id)
account: UNIQUE (code)
account_terms: CHECK ((length(sha256) = 32))
account_terms: CHECK ((reason <> ''::text))
account_terms: CHECK ((revision > 0))
account_terms: FOREIGN KEY (account_id) REFERENCES account(account_id)
account_terms: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
account_terms: PRIMARY KEY (account_id, revision)
acting_time_rule: CHECK (((tolerance >= '00:00:01'::interval) AND (tolerance <= '00:10:00'::interval)))
acting_time_rule: CHECK ((reason <> ''::text))
acting_time_rule: CHECK ((revision > 0))
acting_time_rule: PRIMARY KEY (revision)
actor: CHECK ((kind = ANY (ARRAY['person'::text, 'process'::text])))
actor: PRIMARY KEY (actor_id)
agreement_timeline: CHECK ((contract_capacity_kva > 0))
agreement_timeline: CHECK ((effective_from < effective_to))
agreement_timeline: CHECK ((revision > 0))
agreement_timeline: CHECK ((usage_class = ANY (ARRAY['residential'::text, 'commercial'::text, 'large_industrial'::text, 'agricultural'::text])))
agreement_timeline: FOREIGN KEY (account_id) REFERENCES account(account_id)
agreement_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
agreement_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
agreement_timeline: PRIMARY KEY (account_id, revision, effective_from)
approval_right: CHECK ((author <> actor_id))
approval_right: CHECK ((granted OR (login_name IS NULL)))
approval_right: CHECK ((login_name <> ''::text))
approval_right: CHECK ((reason <> ''::text))
approval_right: CHECK ((revision > 0))
approval_right: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
approval_right: FOREIGN KEY (author) REFERENCES actor(actor_id)
approval_right: PRIMARY KEY (actor_id, revision)
approval_right_confirmation: CHECK ((approver <> actor_id))
approval_right_confirmation: FOREIGN KEY (actor_id, revision) REFERENCES approval_right(actor_id, revision)
approval_right_confirmation: FOREIGN KEY (approver) REFERENCES actor(actor_id)
approval_right_confirmation: PRIMARY KEY (actor_id, revision)
area_loss: CHECK (((estimated_points + missing_points) <= sold_points))
area_loss: CHECK (((supply_e4 IS NULL) = (verdict = 'unknown'::text)))
area_loss: CHECK ((revision > 0))
area_loss: CHECK ((supply_points > 0))
area_loss: CHECK ((verdict = ANY (ARRAY['in_band'::text, 'negative'::text, 'above'::text, 'incomplete'::text, 'unknown'::text])))
area_loss: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
area_loss: FOREIGN KEY (transformer_area_id) REFERENCES transformer_area(transformer_area_id)
area_loss: PRIMARY KEY (transformer_area_id, service_date, revision)
area_supply_timeline: CHECK ((effective_from < effective_to))
area_supply_timeline: CHECK ((revision > 0))
area_supply_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
area_supply_timeline: FOREIGN KEY (transformer_area_id) REFERENCES transformer_area(transformer_area_id)
area_supply_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
area_supply_timeline: PRIMARY KEY (transformer_area_id, usage_point_id, revision, effective_from)
bill: CHECK ((length(lines_sha256) = 32))
bill: CHECK ((ordinal >= 0))
bill: PRIMARY KEY (segment_id, ordinal)
bill: UNIQUE (account_id, period_start)
bill_number_lock: CHECK ((next_number > 0))
bill_number_lock: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
bill_number_lock: PRIMARY KEY (organisation_id, year)
billing_run: CHECK ((state = ANY (ARRAY['frozen'::text, 'dry_run'::text, 'reviewed'::text, 'issued'::text, 'posted'::text, 'locked'::text])))
billing_run: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
billing_run: FOREIGN KEY (set_id) REFERENCES determinant_set(set_id)
billing_run: PRIMARY KEY (run_id)
billing_run_event: CHECK ((ordinal > 0))
billing_run_event: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
billing_run_event: FOREIGN KEY (run_id) REFERENCES billing_run(run_id)
billing_run_event: PRIMARY KEY (run_id, ordinal)
clock_check: CHECK ((((meter_time IS NULL) = (offset_ms IS NULL)) AND ((offset_ms IS NULL) = (uncertainty_ms IS NULL))))
clock_check: CHECK (((meter_time IS NOT NULL) OR (class = 'absurd'::text)))
clock_check: CHECK ((class = ANY (ARRAY['ok'::text, 'drifting'::text, 'out_of_limit'::text, 'absurd'::text])))
clock_check: PRIMARY KEY (meter_id, checked_at)
collection_fire: CHECK ((windows >= 0))
collection_fire: FOREIGN KEY (revision) REFERENCES collection_plan(revision)
collection_fire: PRIMARY KEY (schedule, time_zone, due_at)
collection_plan: CHECK ((octet_length(sha256) = 32))
collection_plan: CHECK ((reason <> ''::text))
collection_plan: CHECK ((revision > 0))
collection_plan: CHECK ((unfit_windows >= 0))
collection_plan: FOREIGN KEY (author) REFERENCES actor(actor_id)
collection_plan: PRIMARY KEY (revision)
collection_plan: UNIQUE (revision, author)
collection_plan_approval: CHECK ((approver <> author))
collection_plan_approval: CHECK ((unfit_windows >= 0))
collection_plan_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
collection_plan_approval: FOREIGN KEY (revision, author) REFERENCES collection_plan(revision, author)
collection_plan_approval: PRIMARY KEY (revision)
component_bill: CHECK ((jsonb_typeof(closing) = 'object'::text))
component_bill: CHECK ((jsonb_typeof(lines) = 'array'::text))
component_bill: PRIMARY KEY (segment_id, ordinal)
concentrator_status: CHECK ((evidence = ANY (ARRAY['announced'::text, 'last_will'::text, 'traffic'::text, 'silence'::text])))
concentrator_status: CHECK ((online = (evidence = ANY (ARRAY['announced'::text, 'traffic'::text]))))
concentrator_status: FOREIGN KEY (line_id) REFERENCES line(line_id)
concentrator_status: PRIMARY KEY (line_id, observed_at, evidence)
concentrator_table_approval: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
concentrator_table_approval: FOREIGN KEY (push_id) REFERENCES concentrator_table_push(push_id)
concentrator_table_approval: PRIMARY KEY (push_id)
concentrator_table_delivery: CHECK ((attempt > 0))
concentrator_table_delivery: FOREIGN KEY (push_id) REFERENCES concentrator_table_push(push_id)
concentrator_table_delivery: PRIMARY KEY (push_id, attempt)
concentrator_table_entry: PRIMARY KEY (address, line_id, reported_at, basis)
concentrator_table_push: CHECK ((cause = ANY (ARRAY['difference'::text, 'meter_exchange'::text])))
concentrator_table_push: CHECK ((version > 0))
concentrator_table_push: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
concentrator_table_push: FOREIGN KEY (line_id) REFERENCES line(line_id)
concentrator_table_push: PRIMARY KEY (push_id)
concentrator_table_push: UNIQUE (line_id, version)
concentrator_table_receipt: CHECK ((outcome = ANY (ARRAY['in_force'::text, 'table_outdated'::text, 'table_too_long'::text])))
concentrator_table_receipt: FOREIGN KEY (push_id) REFERENCES concentrator_table_push(push_id)
concentrator_table_receipt: PRIMARY KEY (push_id)
concentrator_table_report: CHECK ((basis = ANY (ARRAY['report'::text, 'receipt'::text])))
concentrator_table_report: CHECK ((version >= 0))
concentrator_table_report: FOREIGN KEY (line_id) REFERENCES line(line_id)
concentrator_table_report: PRIMARY KEY (line_id, reported_at, basis)
contact_timeline: CHECK ((channel = ANY (ARRAY['sms'::text, 'voice'::text, 'email'::text, 'webhook'::text])))
contact_timeline: CHECK ((effective_from < effective_to))
contact_timeline: CHECK ((purpose = ANY (ARRAY['contract'::text, 'marketing'::text])))
contact_timeline: CHECK ((revision > 0))
contact_timeline: FOREIGN KEY (account_id) REFERENCES account(account_id)
contact_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
contact_timeline: PRIMARY KEY (account_id, channel, revision, effective_from)
crew: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
crew: PRIMARY KEY (crew_id)
crew: UNIQUE (code)
crew_area_timeline: CHECK ((effective_from < effective_to))
crew_area_timeline: CHECK ((revision > 0))
crew_area_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
crew_area_timeline: FOREIGN KEY (crew_id) REFERENCES crew(crew_id)
crew_area_timeline: FOREIGN KEY (transformer_area_id) REFERENCES transformer_area(transformer_area_id)
crew_area_timeline: PRIMARY KEY (transformer_area_id, revision, effective_from)
crew_member_timeline: CHECK ((effective_from < effective_to))
crew_member_timeline: CHECK ((revision > 0))
crew_member_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
crew_member_timeline: FOREIGN KEY (crew_id) REFERENCES crew(crew_id)
crew_member_timeline: FOREIGN KEY (person) REFERENCES actor(actor_id)
crew_member_timeline: PRIMARY KEY (crew_id, person, revision, effective_from)
curve_policy: CHECK ((octet_length(sha256) = 32))
curve_policy: CHECK ((reason <> ''::text))
curve_policy: CHECK ((revision > 0))
curve_policy: FOREIGN KEY (author) REFERENCES actor(actor_id)
curve_policy: PRIMARY KEY (revision)
curve_policy: UNIQUE (revision, author)
curve_policy_approval: CHECK ((approver <> author))
curve_policy_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
curve_policy_approval: FOREIGN KEY (revision, author) REFERENCES curve_policy(revision, author)
curve_policy_approval: PRIMARY KEY (revision)
curve_settlement: CHECK ((from_date < to_date))
curve_settlement: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
curve_settlement: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
curve_settlement: PRIMARY KEY (from_date, to_date, recorded_at)
customer: CHECK ((kind = ANY (ARRAY['residential'::text, 'commercial'::text])))
customer: PRIMARY KEY (customer_id)
customer: UNIQUE (code)
demand_reading: PRIMARY KEY (meter_id, quantity, settled_at, claim_digest)
deployment: CHECK ((purpose = ANY (ARRAY['production'::text, 'demo'::text])))
deployment: CHECK (singleton)
deployment: PRIMARY KEY (singleton)
determinant: CHECK ((((cardinality(meter_ids) >= 0) AND (cardinality(meter_ids) <= 16)) AND (cardinality(meter_ids) = cardinality(multipliers)) AND (cardinality(meter_ids) = cardinality(start_reads)) AND (cardinality(meter_ids) = cardinality(end_reads))))
determinant: CHECK ((settlement_kind = ANY (ARRAY['regular'::text, 'transfer'::text])))
determinant: PRIMARY KEY (set_id, account_id)
determinant_hold: PRIMARY KEY (set_id, account_id)
determinant_quantity: CHECK (((cardinality(meter_ids) = cardinality(multipliers)) AND (cardinality(meter_ids) = cardinality(start_reads)) AND (cardinality(meter_ids) = cardinality(end_reads))))
determinant_quantity: CHECK (((instead_of IS NULL) OR ((quantity = 'interval_days'::text) AND (instead_of <> ''::text))))
determinant_quantity: CHECK (((missing IS NULL) = (total_e4 IS NOT NULL)))
determinant_quantity: CHECK ((quantity = ANY (ARRAY['active_energy'::text, 'export_energy'::text, 'reactive_forward'::text, 'reactive_reverse'::text, 'reactive_combined1'::text, 'reactive_combined2'::text, 'reactive_quadrant1'::text, 'reactive_quadrant2'::text, 'reactive_quadrant3'::text, 'reactive_quadrant4'::text, 'power_factor_active'::text, 'power_factor_reactive'::text, 'demand_max'::text, 'demand_reverse_max'::text, 'loss_active'::text, 'loss_reactive'::text, 'relation_deducted'::text, 'relation_share'::text, 'fixed_quantity'::text, 'relation_common'::text, 'interval_days'::text, 'opening_estimate'::text])))
determinant_quantity: CHECK ((unit = ANY (ARRAY['kWh'::text, 'kvarh'::text, 'kW'::text])))
determinant_quantity: PRIMARY KEY (set_id, account_id, quantity, other_point_id)
determinant_set: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
determinant_set: PRIMARY KEY (set_id)
determinant_set: UNIQUE (organisation_id, period_start, period_end, revision)
due_exemption: CHECK ((from_at < to_at))
due_exemption: FOREIGN KEY (author) REFERENCES actor(actor_id)
due_exemption: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
due_exemption: PRIMARY KEY (exemption_id)
due_exemption_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
due_exemption_approval: FOREIGN KEY (exemption_id) REFERENCES due_exemption(exemption_id)
due_exemption_approval: PRIMARY KEY (exemption_id)
due_purpose: CHECK ((purpose = ANY (ARRAY['reading_day'::text, 'price_change'::text, 'class_change'::text, 'ladder_year_end'::text, 'exchange'::text, 'contract_change'::text, 'suspension'::text])))
due_purpose: PRIMARY KEY (meter_id, template, read_at, purpose)
due_read: PRIMARY KEY (meter_id, template, read_at)
dunning_case: CHECK ((effective_count >= 0))
dunning_case: CHECK ((state = ANY (ARRAY['active'::text, 'manual'::text, 'closed_paid'::text, 'closed_cancelled'::text])))
dunning_case: CHECK ((step >= 0))
dunning_case: FOREIGN KEY (account_id) REFERENCES account(account_id)
dunning_case: FOREIGN KEY (policy_code, policy_version) REFERENCES dunning_policy_version(policy_code, version)
dunning_case: PRIMARY KEY (case_id)
dunning_case: UNIQUE (segment_id, ordinal)
dunning_case_event: CHECK ((ordinal > 0))
dunning_case_event: FOREIGN KEY (case_id) REFERENCES dunning_case(case_id)
dunning_case_event: PRIMARY KEY (case_id, ordinal)
dunning_policy_version: CHECK ((author <> approver))
dunning_policy_version: CHECK ((length(sha256) = 32))
dunning_policy_version: CHECK ((version > 0))
dunning_policy_version: FOREIGN KEY (approver) REFERENCES actor(actor_id)
dunning_policy_version: FOREIGN KEY (author) REFERENCES actor(actor_id)
dunning_policy_version: PRIMARY KEY (policy_code, version)
end_device_event: CHECK ((ordinal > 0))
end_device_event: PRIMARY KEY (meter_id, kind, occurred_at, ordinal, claim_digest)
estimate: CHECK (((low_e4 <= high_e4) AND (before_at < read_at) AND ((after_at IS NULL) OR (after_at > read_at))))
estimate: CHECK ((history_days >= 0))
estimate: CHECK ((peers >= 0))
estimate: CHECK ((revision > 0))
estimate: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
estimate: PRIMARY KEY (meter_id, quantity, read_at, revision)
estimation_policy: CHECK ((octet_length(sha256) = 32))
estimation_policy: CHECK ((reason <> ''::text))
estimation_policy: CHECK ((revision > 0))
estimation_policy: FOREIGN KEY (author) REFERENCES actor(actor_id)
estimation_policy: PRIMARY KEY (revision)
estimation_policy: UNIQUE (revision, author)
estimation_policy_approval: CHECK ((approver <> author))
estimation_policy_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
estimation_policy_approval: FOREIGN KEY (revision, author) REFERENCES estimation_policy(revision, author)
estimation_policy_approval: PRIMARY KEY (revision)
event_count: CHECK ((counted >= 0))
event_count: PRIMARY KEY (meter_id, kind, counted_at)
exception: CHECK ((kind ~ '^[a-z][a-z0-9_]*$'::text))
exception: CHECK ((num_nonnulls(usage_point_id, transformer_area_id) > 0))
exception: FOREIGN KEY (account_id) REFERENCES account(account_id)
exception: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
exception: FOREIGN KEY (transformer_area_id) REFERENCES transformer_area(transformer_area_id)
exception: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
exception: PRIMARY KEY (exception_key)
exception_decision: CHECK (((action <> 'correct'::text) OR (evidence <> ''::text)))
exception_decision: CHECK (((action = 'correct'::text) OR (override_code IS NULL)))
exception_decision: CHECK (((hold_until IS NULL) = (action <> 'hold'::text)))
exception_decision: CHECK (((length(reason) >= 1) AND (length(reason) <= 400)))
exception_decision: CHECK (((undoes IS NULL) = (action <> 'undo'::text)))
exception_decision: CHECK ((action = ANY (ARRAY['accept'::text, 'correct'::text, 'estimate'::text, 'hold'::text, 'field_order'::text, 'reject'::text, 'undo'::text])))
exception_decision: CHECK ((item_count > 0))
exception_decision: CHECK ((override_code = ANY (ARRAY['earlier_value_wrong'::text, 'later_value_wrong'::text, 'exchange_not_recorded'::text, 'meter_faulty'::text, 'usage_confirmed'::text])))
exception_decision: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
exception_decision: FOREIGN KEY (policy_revision) REFERENCES exception_policy(revision)
exception_decision: FOREIGN KEY (undoes) REFERENCES exception_decision(decision_id)
exception_decision: PRIMARY KEY (decision_id)
exception_decision: UNIQUE (decision_id, actor_id)
exception_decision_approval: CHECK ((approver <> author))
exception_decision_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
exception_decision_approval: FOREIGN KEY (decision_id, author) REFERENCES exception_decision(decision_id, actor_id)
exception_decision_approval: PRIMARY KEY (decision_id, approver)
exception_decision_item: CHECK (((NOT refused) OR (warnings <> '{}'::text[])))
exception_decision_item: CHECK (((action <> 'correct'::text) OR ((total_e4 IS NOT NULL) AND (source = 7))))
exception_decision_item: CHECK (((action = 'correct'::text) OR ((warnings = '{}'::text[]) AND (NOT refused))))
exception_decision_item: CHECK (((action = ANY (ARRAY['accept'::text, 'correct'::text])) OR (total_e4 IS NULL)))
exception_decision_item: CHECK (((total_e4 >= 0) AND (tou1_e4 >= 0) AND (tou2_e4 >= 0) AND (tou3_e4 >= 0) AND (tou4_e4 >= 0)))
exception_decision_item: CHECK (((total_e4 IS NULL) = (source IS NULL)))
exception_decision_item: CHECK ((action = ANY (ARRAY['accept'::text, 'correct'::text, 'estimate'::text, 'hold'::text, 'field_order'::text, 'reject'::text, 'undo'::text])))
exception_decision_item: FOREIGN KEY (exception_key) REFERENCES exception(exception_key)
exception_decision_item: PRIMARY KEY (decision_id, exception_key)
exception_decision_redo: FOREIGN KEY (decision_id) REFERENCES exception_decision(decision_id)
exception_decision_redo: PRIMARY KEY (decision_id)
exception_effect: CHECK ((outcome = ANY (ARRAY['applied'::text, 'superseded'::text, 'not_estimable'::text])))
exception_effect: FOREIGN KEY (decision_id) REFERENCES exception_decision(decision_id)
exception_effect: FOREIGN KEY (decision_id, exception_key) REFERENCES exception_decision_item(decision_id, exception_key)
exception_effect: FOREIGN KEY (field_order_id) REFERENCES field_order(field_order_id)
exception_effect: PRIMARY KEY (decision_id, exception_key)
exception_event: CHECK (((deadline IS NULL) = (event = 'closed'::text)))
exception_event: CHECK ((event = ANY (ARRAY['opened'::text, 'closed'::text])))
exception_event: CHECK ((ordinal > 0))
exception_event: FOREIGN KEY (exception_key) REFERENCES exception(exception_key)
exception_event: FOREIGN KEY (policy_revision) REFERENCES exception_policy(revision)
exception_event: PRIMARY KEY (exception_key, ordinal)
exception_finding: CHECK ((detail <> ''::text))
exception_finding: CHECK ((kind ~ '^[a-z][a-z0-9_]*$'::text))
exception_finding: CHECK ((num_nonnulls(usage_point_id, transformer_area_id) > 0))
exception_finding: FOREIGN KEY (account_id) REFERENCES account(account_id)
exception_finding: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
exception_finding: FOREIGN KEY (transformer_area_id) REFERENCES transformer_area(transformer_area_id)
exception_finding: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
exception_finding: PRIMARY KEY (finding_key)
exception_finding_end: CHECK ((reason <> ''::text))
exception_finding_end: FOREIGN KEY (finding_key) REFERENCES exception_finding(finding_key)
exception_finding_end: PRIMARY KEY (finding_key)
exception_look: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
exception_look: PRIMARY KEY (looked_at)
exception_policy: CHECK (((revision = 1) OR (author IS NOT NULL)))
exception_policy: CHECK ((octet_length(sha256) = 32))
exception_policy: CHECK ((reason <> ''::text))
exception_policy: CHECK ((revision > 0))
exception_policy: FOREIGN KEY (author) REFERENCES actor(actor_id)
exception_policy: PRIMARY KEY (revision)
exception_policy: UNIQUE (revision, author)
exception_policy_approval: CHECK ((approver <> author))
exception_policy_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
exception_policy_approval: FOREIGN KEY (revision, author) REFERENCES exception_policy(revision, author)
exception_policy_approval: PRIMARY KEY (revision)
failed_read: PRIMARY KEY (meter_id, template, read_at, attempt)
field_event: CHECK (((event <> ALL (ARRAY['sealed'::text, 'resealed'::text])) OR (seals_placed <> '[]'::jsonb)))
field_event: CHECK ((detail <> ''::text))
field_event: CHECK ((document <> ''::text))
field_event: CHECK ((event = ANY (ARRAY['sealed'::text, 'seal_broken_found'::text, 'resealed'::text, 'meter_fault'::text, 'repaired'::text, 'tamper_suspected'::text, 'tamper_cleared'::text])))
field_event: CHECK ((jsonb_typeof(seals_found) = 'array'::text))
field_event: CHECK ((jsonb_typeof(seals_placed) = 'array'::text))
field_event: CHECK ((occurred_at <= recorded_at))
field_event: CHECK ((person <> ''::text))
field_event: CHECK ((revision > 0))
field_event: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
field_event: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
field_event: PRIMARY KEY (meter_id, occurred_at, event, revision)
field_event_withdrawal: FOREIGN KEY (correction_id) REFERENCES registry_correction_approval(correction_id) DEFERRABLE INITIALLY DEFERRED
field_event_withdrawal: FOREIGN KEY (meter_id, occurred_at, event, revision) REFERENCES field_event(meter_id, occurred_at, event, revision)
field_event_withdrawal: PRIMARY KEY (meter_id, occurred_at, event, revision)
field_order: FOREIGN KEY (grid_cell_id) REFERENCES grid_cell(grid_cell_id)
field_order: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
field_order: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
field_order: PRIMARY KEY (field_order_id)
field_order_result: CHECK ((outcome = ANY (ARRAY['read'::text, 'not_accessible'::text, 'cancelled'::text])))
field_order_result: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
field_order_result: FOREIGN KEY (field_order_id) REFERENCES field_order(field_order_id)
field_order_result: PRIMARY KEY (field_order_id)
flow_timeline: CHECK ((direction = ANY (ARRAY['import'::text, 'export'::text, 'both'::text])))
flow_timeline: CHECK ((effective_from < effective_to))
flow_timeline: CHECK ((revision > 0))
flow_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
flow_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
flow_timeline: PRIMARY KEY (usage_point_id, revision, effective_from)
frame: PRIMARY KEY (line_id, line_sequence, received_at)
grid_cell: FOREIGN KEY (deputy) REFERENCES actor(actor_id)
grid_cell: FOREIGN KEY (manager) REFERENCES actor(actor_id)
grid_cell: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
grid_cell: PRIMARY KEY (grid_cell_id)
grid_cell: UNIQUE (code)
installation_timeline: CHECK ((effective_from < effective_to))
installation_timeline: CHECK ((revision > 0))
installation_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
installation_timeline: FOREIGN KEY (line_id) REFERENCES line(line_id)
installation_timeline: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
installation_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
installation_timeline: PRIMARY KEY (usage_point_id, revision, effective_from)
interval_absence: PRIMARY KEY (meter_id, curve, slot_start)
interval_charge: CHECK ((length(lines_sha256) = 32))
interval_charge: PRIMARY KEY (rating_id, account_id)
interval_day: CHECK (((difference_e4 IS NULL) OR ((start_e4 IS NOT NULL) AND (end_e4 IS NOT NULL))))
interval_day: CHECK (((octet_length(values_e4) = (4 * slot_count)) AND (octet_length(qualities) = slot_count)))
interval_day: CHECK (((verdict <> 'held'::text) OR (cardinality(rules) > 0)))
interval_day: CHECK ((revision > 0))
interval_day: CHECK ((slot_count > 0))
interval_day: CHECK ((slot_minutes = ANY (ARRAY[15, 30, 60])))
interval_day: CHECK ((verdict = ANY (ARRAY['complete'::text, 'filled'::text, 'held'::text])))
interval_day: PRIMARY KEY (meter_id, channel, day_start, revision)
interval_exception: PRIMARY KEY (rating_id, account_id)
interval_piece: CHECK (((cardinality(values_e4) >= 1) AND (cardinality(values_e4) <= 8)))
interval_piece: CHECK ((slot_start < slot_end))
interval_piece: PRIMARY KEY (meter_id, curve, slot_start, claim_digest)
interval_rating: CHECK ((jsonb_typeof(tariffs) = 'array'::text))
interval_rating: CHECK ((length(tariffs_sha256) = 32))
interval_rating: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
interval_rating: FOREIGN KEY (set_id) REFERENCES determinant_set(set_id)
interval_rating: PRIMARY KEY (rating_id)
interval_rating: UNIQUE (set_id, tariffs_sha256)
interval_rating_shard: CHECK ((account_count = (charged_count + parked_count)))
interval_rating_shard: CHECK ((first_account_id <= last_account_id))
interval_rating_shard: CHECK ((length(result_sha256) = 32))
interval_rating_shard: FOREIGN KEY (rating_id) REFERENCES interval_rating(rating_id)
interval_rating_shard: PRIMARY KEY (rating_id, first_account_id)
journal_entry: CHECK ((document_kind = ANY (ARRAY['bill'::text, 'payment'::text, 'opening'::text])))
journal_entry: CHECK ((ordinal >= 0))
journal_entry: CHECK (entry_is_balanced(ledger_numbers, amounts_fen))
journal_entry: PRIMARY KEY (segment_id, ordinal)
ledger_account: CHECK ((normal_side = ANY (ARRAY['debit'::text, 'credit'::text])))
ledger_account: PRIMARY KEY (account_number)
ledger_lock: CHECK (singleton)
ledger_lock: PRIMARY KEY (singleton)
ledger_segment: CHECK ((kind = ANY (ARRAY['bills'::text, 'cash'::text, 'opening'::text])))
ledger_segment: PRIMARY KEY (segment_id)
ledger_segment: UNIQUE (natural_key)
line: CHECK ((kind = ANY (ARRAY['dlt645_tcp'::text, 'dlt645_serial'::text, 'modbus_tcp'::text, 'modbus_rtu_tcp'::text, 'modbus_rtu_serial'::text, 'mqtt_concentrator'::text])))
line: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
line: PRIMARY KEY (line_id)
line: UNIQUE (code)
line_lease: PRIMARY KEY (line_id)
line_lease_event: PRIMARY KEY (line_id, fencing_token)
line_statistics: PRIMARY KEY (line_id, window_key, window_start)
loss_policy: CHECK ((octet_length(sha256) = 32))
loss_policy: CHECK ((reason <> ''::text))
loss_policy: CHECK ((revision > 0))
loss_policy: FOREIGN KEY (author) REFERENCES actor(actor_id)
loss_policy: PRIMARY KEY (revision)
loss_policy: UNIQUE (revision, author)
loss_policy_approval: CHECK ((approver <> author))
loss_policy_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
loss_policy_approval: FOREIGN KEY (revision, author) REFERENCES loss_policy(revision, author)
loss_policy_approval: PRIMARY KEY (revision)
manual_reading: CHECK (((noted_for ~ '^$|^(meter_exchange|meter_removal|installation|multiplier) [0-9]+$'::text) AND ((noted_for = ''::text) OR (source = 6))))
manual_reading: CHECK (((source = 8) = (claim_digest <> '\x'::bytea)))
manual_reading: CHECK ((source = ANY (ARRAY[5, 6, 8])))
manual_reading: PRIMARY KEY (meter_id, quantity, read_at, source, revision, claim_digest, noted_for)
manual_reading_withdrawal: FOREIGN KEY (correction_id) REFERENCES registry_correction_approval(correction_id) DEFERRABLE INITIALLY DEFERRED
manual_reading_withdrawal: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
manual_reading_withdrawal: PRIMARY KEY (meter_id, quantity, read_at, source, revision, noted_for)
manual_task: CHECK ((open_fen > 0))
manual_task: FOREIGN KEY (account_id) REFERENCES account(account_id)
manual_task: FOREIGN KEY (assignee) REFERENCES actor(actor_id)
manual_task: FOREIGN KEY (case_id) REFERENCES dunning_case(case_id)
manual_task: FOREIGN KEY (grid_cell_id) REFERENCES grid_cell(grid_cell_id)
manual_task: PRIMARY KEY (task_id)
manual_task: UNIQUE (case_id)
manual_task_event: CHECK ((ordinal > 0))
manual_task_event: CHECK ((outcome = ANY (ARRAY['paid'::text, 'promised'::text, 'disputed'::text, 'unreachable'::text, 'vulnerable'::text, 'cancelled'::text])))
manual_task_event: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
manual_task_event: FOREIGN KEY (task_id) REFERENCES manual_task(task_id)
manual_task_event: PRIMARY KEY (task_id, ordinal)
meter: CHECK (((register_decimals >= 0) AND (register_decimals <= 4)))
meter: CHECK (((register_digits >= 4) AND (register_digits <= 12)))
meter: CHECK ((protocol = ANY (ARRAY['dlt645_2007'::text, 'modbus'::text])))
meter: PRIMARY KEY (meter_id)
meter: UNIQUE (code)
meter_credential: CHECK ((credential_code ~ '^[a-z0-9-]{1,40}$'::text))
meter_credential: CHECK ((octet_length(nonce) = 12))
meter_credential: CHECK ((octet_length(tag) = 16))
meter_credential: CHECK ((version > 0))
meter_credential: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
meter_credential: PRIMARY KEY (credential_code, version)
meter_description: CHECK ((revision > 0))
meter_description: FOREIGN KEY (correction_id) REFERENCES registry_correction_approval(correction_id) DEFERRABLE INITIALLY DEFERRED
meter_description: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
meter_description: PRIMARY KEY (meter_id, revision)
meter_exchange: CHECK ((old_meter_id <> new_meter_id))
meter_exchange: CHECK ((revision > 0))
meter_exchange: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
meter_exchange: FOREIGN KEY (new_meter_id) REFERENCES meter(meter_id)
meter_exchange: FOREIGN KEY (old_meter_id) REFERENCES meter(meter_id)
meter_exchange: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
meter_exchange: PRIMARY KEY (usage_point_id, exchanged_at, revision)
meter_exchange_withdrawal: FOREIGN KEY (correction_id) REFERENCES registry_correction_approval(correction_id) DEFERRABLE INITIALLY DEFERRED
meter_exchange_withdrawal: FOREIGN KEY (usage_point_id, exchanged_at, revision) REFERENCES meter_exchange(usage_point_id, exchanged_at, revision)
meter_exchange_withdrawal: PRIMARY KEY (usage_point_id, exchanged_at, revision)
meter_order: CHECK (((communication_address ~ '^[0-9]{12}$'::text) AND (communication_address <> '999999999999'::text)))
meter_order: CHECK (((length(reason) >= 1) AND (length(reason) <= 400)))
meter_order: CHECK ((not_before < expires_at))
meter_order: CHECK ((octet_length(order_digest) = 32))
meter_order: FOREIGN KEY (author) REFERENCES actor(actor_id)
meter_order: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
meter_order: PRIMARY KEY (order_id)
meter_order_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
meter_order_approval: FOREIGN KEY (order_id) REFERENCES meter_order(order_id)
meter_order_approval: PRIMARY KEY (order_id, approver)
meter_order_attempt: CHECK ((reason ~ '^[a-z_]+$'::text))
meter_order_attempt: FOREIGN KEY (order_id) REFERENCES meter_order(order_id)
meter_order_attempt: PRIMARY KEY (order_id, tried_at)
meter_order_group: CHECK (((length(reason) >= 1) AND (length(reason) <= 400)))
meter_order_group: CHECK ((kind = 'tou_tables'::text))
meter_order_group: CHECK ((not_before < expires_at))
meter_order_group: CHECK ((octet_length(group_digest) = 32))
meter_order_group: FOREIGN KEY (author) REFERENCES actor(actor_id)
meter_order_group: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
meter_order_group: PRIMARY KEY (group_id)
meter_order_group_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
meter_order_group_approval: FOREIGN KEY (group_id) REFERENCES meter_order_group(group_id)
meter_order_group_approval: PRIMARY KEY (group_id, approver)
meter_order_member: CHECK ((ordinal > 0))
meter_order_member: FOREIGN KEY (group_id) REFERENCES meter_order_group(group_id)
meter_order_member: FOREIGN KEY (order_id) REFERENCES meter_order(order_id)
meter_order_member: PRIMARY KEY (group_id, ordinal)
meter_order_member: UNIQUE (order_id)
meter_order_result: CHECK ((ordinal > 0))
meter_order_result: CHECK ((verdict = ANY (ARRAY['verified'::text, 'not_verified'::text, 'refused'::text, 'unknown'::text])))
meter_order_result: FOREIGN KEY (order_id) REFERENCES meter_order_use(order_id)
meter_order_result: PRIMARY KEY (order_id, ordinal)
meter_order_rule: CHECK (((approvals >= 1) AND (approvals <= 5)))
meter_order_rule: CHECK (((approvals >= 2) OR (kind <> ALL (ARRAY['relay_permit_close'::text, 'tariff_table'::text, 'tariff_switch'::text]))))
meter_order_rule: CHECK (((longest_minutes >= 1) AND (longest_minutes <= 43200)))
meter_order_rule: CHECK (((revision = 1) OR (actor_id IS NOT NULL)))
meter_order_rule: CHECK ((kind ~ '^[a-z_]+$'::text))
meter_order_rule: CHECK ((revision > 0))
meter_order_rule: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
meter_order_rule: PRIMARY KEY (kind, revision)
meter_order_rule_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
meter_order_rule_approval: FOREIGN KEY (kind, revision) REFERENCES meter_order_rule(kind, revision)
meter_order_rule_approval: PRIMARY KEY (kind, revision)
meter_order_use: FOREIGN KEY (line_id) REFERENCES line(line_id)
meter_order_use: FOREIGN KEY (order_id) REFERENCES meter_order(order_id)
meter_order_use: PRIMARY KEY (order_id)
meter_statistics: CHECK (((attempts >= ((replies + timeouts) + damaged)) AND (replies >= refused)))
meter_statistics: CHECK ((cardinality(round_trips) = 10))
meter_statistics: PRIMARY KEY (meter_id, line_id, window_key, window_start)
meter_verification: CHECK ((verified_on < valid_until))
meter_verification: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
meter_verification: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
meter_verification: PRIMARY KEY (meter_id, verified_on)
money_at_risk: CHECK ((expected_energy_e4 >= 0))
money_at_risk: CHECK ((price_e8 >= 0))
money_at_risk: CHECK ((revision > 0))
money_at_risk: FOREIGN KEY (account_id) REFERENCES account(account_id)
money_at_risk: PRIMARY KEY (account_id, period_start, revision)
multiplier_timeline: CHECK ((ct_ratio > 0))
multiplier_timeline: CHECK ((effective_from < effective_to))
multiplier_timeline: CHECK ((pt_ratio > 0))
multiplier_timeline: CHECK ((revision > 0))
multiplier_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
multiplier_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
multiplier_timeline: PRIMARY KEY (usage_point_id, revision, effective_from)
night_tally: CHECK ((rest <= points))
night_tally: PRIMARY KEY (read_at, tallied_at)
night_tally_cell: PRIMARY KEY (read_at, tallied_at, line_id, transformer_area_id, organisation_id, template)
night_tally_rest: PRIMARY KEY (read_at, tallied_at, meter_id, template)
notice: CHECK ((attempt > 0))
notice: CHECK ((open_fen > 0))
notice: CHECK ((step > 0))
notice: FOREIGN KEY (case_id) REFERENCES dunning_case(case_id)
notice: FOREIGN KEY (notice_id) REFERENCES outbox_message(message_id)
notice: PRIMARY KEY (notice_id)
notice: UNIQUE (case_id, step, attempt)
opening_batch: CHECK ((item_count > 0))
opening_batch: FOREIGN KEY (author) REFERENCES actor(actor_id)
opening_batch: PRIMARY KEY (code)
opening_batch: UNIQUE (code, sha256)
opening_batch_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
opening_batch_approval: FOREIGN KEY (code, sha256) REFERENCES opening_batch(code, sha256)
opening_batch_approval: PRIMARY KEY (code, approver)
opening_batch_redo: FOREIGN KEY (code) REFERENCES opening_batch(code)
opening_batch_redo: PRIMARY KEY (code)
opening_item: CHECK (((kind = 'arrear'::text) = ((bill IS NOT NULL) AND (due_date IS NOT NULL))))
opening_item: CHECK (((kind = 'demand'::text) = ((month IS NOT NULL) AND (demand_kw_e4 IS NOT NULL))))
opening_item: CHECK (((kind = 'estimate'::text) = ((from_day IS NOT NULL) AND (to_day IS NOT NULL))))
opening_item: CHECK (((kind = 'ladder'::text) = (ladder_months IS NOT NULL)))
opening_item: CHECK (((kind = 'register'::text) = ((meter_id IS NOT NULL) AND (from_day IS NULL))))
opening_item: CHECK (((kind = ANY (ARRAY['prepaid'::text, 'arrear'::text])) = (amount_fen IS NOT NULL)))
opening_item: CHECK (((kind = ANY (ARRAY['register'::text, 'ladder'::text, 'estimate'::text])) = (energy_e4 IS NOT NULL)))
opening_item: CHECK (((ladder_months >= 0) AND (ladder_months <= 12)))
opening_item: CHECK ((amount_fen > 0))
opening_item: CHECK ((demand_kw_e4 >= 0))
opening_item: CHECK ((energy_e4 >= 0))
opening_item: CHECK ((from_day < to_day))
opening_item: CHECK ((kind = ANY (ARRAY['register'::text, 'ladder'::text, 'demand'::text, 'estimate'::text, 'prepaid'::text, 'arrear'::text])))
opening_item: CHECK ((month ~ '^\d{4}-\d{2}$'::text))
opening_item: CHECK ((tou1_e4 >= 0))
opening_item: CHECK ((tou2_e4 >= 0))
opening_item: CHECK ((tou3_e4 >= 0))
opening_item: CHECK ((tou4_e4 >= 0))
opening_item: FOREIGN KEY (account_id) REFERENCES account(account_id)
opening_item: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
opening_item: FOREIGN KEY (batch) REFERENCES opening_batch(code)
opening_item: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
opening_item: UNIQUE NULLS NOT DISTINCT (batch, account_id, kind, meter_id, month, bill, from_day)
opening_state: CHECK ((ladder_energy_e4 >= 0))
opening_state: FOREIGN KEY (account_id) REFERENCES account(account_id)
opening_state: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
opening_state: FOREIGN KEY (batch) REFERENCES opening_batch(code)
opening_state: PRIMARY KEY (account_id)
organisation: CHECK (((minor_digits >= 0) AND (minor_digits <= 4)))
organisation: CHECK ((level = ANY (ARRAY['province'::text, 'city'::text, 'county'::text, 'station'::text])))
organisation: CHECK ((parent_id <> organisation_id))
organisation: FOREIGN KEY (parent_id) REFERENCES organisation(organisation_id)
organisation: PRIMARY KEY (organisation_id)
organisation: UNIQUE (code)
outbox_event: CHECK ((kind = ANY (ARRAY['send_intent'::text, 'accepted'::text, 'delivered'::text, 'failed'::text, 'suppressed'::text, 'expired'::text])))
outbox_event: CHECK ((ordinal > 0))
outbox_event: FOREIGN KEY (message_id) REFERENCES outbox_message(message_id)
outbox_event: PRIMARY KEY (message_id, ordinal)
outbox_message: CHECK ((channel = ANY (ARRAY['sms'::text, 'voice'::text, 'email'::text, 'webhook'::text])))
outbox_message: CHECK ((kind = 'notice'::text))
outbox_message: CHECK ((not_before < expires_at))
outbox_message: PRIMARY KEY (message_id)
payment: CHECK ((amount_fen > 0))
payment: FOREIGN KEY (account_id) REFERENCES account(account_id)
payment: FOREIGN KEY (segment_id) REFERENCES ledger_segment(segment_id)
payment: PRIMARY KEY (channel, provider_reference)
payment_allocation: CHECK ((amount_fen > 0))
payment_allocation: FOREIGN KEY (channel, provider_reference) REFERENCES payment(channel, provider_reference)
payment_allocation: FOREIGN KEY (receivable_segment_id, receivable_ordinal) REFERENCES receivable(segment_id, ordinal)
payment_allocation: PRIMARY KEY (channel, provider_reference, receivable_segment_id, receivable_ordinal)
planned_outage: CHECK ((num_nonnulls(transformer_area_id, line_id) = 1))
planned_outage: CHECK ((starts_at < ends_at))
planned_outage: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
planned_outage: FOREIGN KEY (line_id) REFERENCES line(line_id)
planned_outage: FOREIGN KEY (transformer_area_id) REFERENCES transformer_area(transformer_area_id)
planned_outage: PRIMARY KEY (planned_outage_id)
planned_outage: UNIQUE (code)
quarantine: PRIMARY KEY (quarantine_id)
read_request: CHECK (((cardinality(items) >= 1) AND (cardinality(items) <= 16)))
read_request: CHECK ((requested_at < deadline))
read_request: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
read_request: FOREIGN KEY (line_id) REFERENCES line(line_id)
read_request: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
read_request: PRIMARY KEY (request_id)
read_request_result: CHECK (((cause IS NULL) = (outcome = 'read'::text)))
read_request_result: CHECK (((payload IS NULL) = (outcome <> 'read'::text)))
read_request_result: CHECK ((cardinality(requests) = cardinality(responses)))
read_request_result: CHECK ((outcome = ANY (ARRAY['read'::text, 'refused'::text, 'failed'::text])))
read_request_result: FOREIGN KEY (request_id) REFERENCES read_request(request_id)
read_request_result: PRIMARY KEY (request_id, item)
reading: PRIMARY KEY (meter_id, quantity, read_at)
reading_claim: PRIMARY KEY (meter_id, quantity, read_at, claim_digest)
reading_day_timeline: CHECK (((reading_day >= 1) AND (reading_day <= 31)))
reading_day_timeline: CHECK ((effective_from < effective_to))
reading_day_timeline: CHECK ((revision > 0))
reading_day_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
reading_day_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
reading_day_timeline: PRIMARY KEY (usage_point_id, revision, effective_from)
receivable: PRIMARY KEY (segment_id, ordinal)
registry_correction: CHECK (((event IS NULL) = (kind <> 'field_event'::text)))
registry_correction: CHECK ((kind = ANY (ARRAY['meter_exchange'::text, 'meter_removal'::text, 'installation'::text, 'multiplier'::text, 'agreement'::text, 'relation'::text, 'flow'::text, 'transformer'::text, 'field_event'::text, 'meter'::text])))
registry_correction: CHECK ((num_nonnulls(usage_point_id, account_id, meter_id) = 1))
registry_correction: CHECK ((reason <> ''::text))
registry_correction: FOREIGN KEY (account_id) REFERENCES account(account_id)
registry_correction: FOREIGN KEY (author) REFERENCES actor(actor_id)
registry_correction: FOREIGN KEY (meter_id) REFERENCES meter(meter_id)
registry_correction: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
registry_correction: PRIMARY KEY (correction_id)
registry_correction: UNIQUE (correction_id, author)
registry_correction_approval: CHECK ((approver <> author))
registry_correction_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
registry_correction_approval: FOREIGN KEY (correction_id, author) REFERENCES registry_correction(correction_id, author)
registry_correction_approval: PRIMARY KEY (correction_id)
registry_correction_redo: FOREIGN KEY (correction_id) REFERENCES registry_correction(correction_id)
registry_correction_redo: PRIMARY KEY (correction_id)
registry_late_change: FOREIGN KEY (correction_id) REFERENCES registry_correction(correction_id)
registry_late_change: PRIMARY KEY (correction_id)
relation_timeline: CHECK (((kind = 'quantity'::text) = (quantity_e4 IS NOT NULL)))
relation_timeline: CHECK (((kind = 'share'::text) = (share_e6 IS NOT NULL)))
relation_timeline: CHECK (((share_e6 >= 1) AND (share_e6 <= 1000000)))
relation_timeline: CHECK ((effective_from < effective_to))
relation_timeline: CHECK ((kind = ANY (ARRAY['main_sub'::text, 'deducted'::text, 'share'::text, 'quantity'::text])))
relation_timeline: CHECK ((quantity_e4 > 0))
relation_timeline: CHECK ((revision > 0))
relation_timeline: CHECK ((usage_point_id <> parent_id))
relation_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
relation_timeline: FOREIGN KEY (parent_id) REFERENCES usage_point(usage_point_id)
relation_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
relation_timeline: PRIMARY KEY (usage_point_id, revision, effective_from)
relay_status: CHECK (((status_word >= 0) AND (status_word <= 65535)))
relay_status: CHECK ((day_table_set = ANY (ARRAY[1, 2])))
relay_status: CHECK ((zone_table = ANY (ARRAY[1, 2])))
relay_status: PRIMARY KEY (meter_id, read_at)
revalidation: CHECK ((from_at < to_at))
revalidation: CHECK ((reason <> ''::text))
revalidation: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
revalidation: PRIMARY KEY (from_at, to_at, recorded_at)
run_exception: FOREIGN KEY (account_id) REFERENCES account(account_id)
run_exception: FOREIGN KEY (run_id) REFERENCES billing_run(run_id)
run_exception: PRIMARY KEY (run_id, account_id)
run_input: FOREIGN KEY (segment_id) REFERENCES run_segment(segment_id)
run_input: PRIMARY KEY (segment_id)
run_manifest: CHECK ((length(sha256) = 32))
run_manifest: FOREIGN KEY (run_id) REFERENCES billing_run(run_id)
run_manifest: PRIMARY KEY (run_id)
run_segment: CHECK (((account_count >= 1) AND (account_count <= 20000)))
run_segment: FOREIGN KEY (run_id) REFERENCES billing_run(run_id)
run_segment: FOREIGN KEY (segment_id) REFERENCES ledger_segment(segment_id)
run_segment: PRIMARY KEY (segment_id)
run_segment: UNIQUE (run_id, segment_no)
segment_balance: CHECK ((credit_fen >= (0)::numeric))
segment_balance: CHECK ((debit_fen >= (0)::numeric))
segment_balance: FOREIGN KEY (account_number) REFERENCES ledger_account(account_number)
segment_balance: FOREIGN KEY (segment_id) REFERENCES segment_posting(segment_id)
segment_balance: PRIMARY KEY (segment_id, account_number)
segment_issue: FOREIGN KEY (issued_by) REFERENCES actor(actor_id)
segment_issue: FOREIGN KEY (segment_id) REFERENCES run_segment(segment_id)
segment_issue: PRIMARY KEY (segment_id)
segment_posting: CHECK ((chain_no > 0))
segment_posting: CHECK ((length(chain_sha256) = 32))
segment_posting: FOREIGN KEY (posted_by) REFERENCES actor(actor_id)
segment_posting: FOREIGN KEY (segment_id) REFERENCES ledger_segment(segment_id)
segment_posting: PRIMARY KEY (segment_id)
segment_posting: UNIQUE (chain_no)
segment_posting: UNIQUE (chain_sha256)
segment_result: CHECK ((attempt > 0))
segment_result: CHECK ((length(digest) = 32))
segment_result: FOREIGN KEY (segment_id) REFERENCES run_segment(segment_id)
segment_result: PRIMARY KEY (segment_id, attempt)
segment_review: FOREIGN KEY (reviewed_by) REFERENCES actor(actor_id)
segment_review: FOREIGN KEY (segment_id) REFERENCES run_segment(segment_id)
segment_review: PRIMARY KEY (segment_id)
settlement_reading: PRIMARY KEY (meter_id, quantity, settled_at, claim_digest)
standing_order: CHECK ((octet_length(sha256) = 32))
standing_order: CHECK ((version > 0))
standing_order: FOREIGN KEY (author) REFERENCES actor(actor_id)
standing_order: PRIMARY KEY (code, version)
standing_order_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
standing_order_approval: FOREIGN KEY (code, version) REFERENCES standing_order(code, version)
standing_order_approval: PRIMARY KEY (code, version, approver)
standing_order_unsent: FOREIGN KEY (line_id, service_date) REFERENCES standing_order_use(line_id, service_date)
standing_order_unsent: PRIMARY KEY (line_id, service_date)
standing_order_use: FOREIGN KEY (code, version) REFERENCES standing_order(code, version)
standing_order_use: FOREIGN KEY (line_id) REFERENCES line(line_id)
standing_order_use: PRIMARY KEY (line_id, service_date)
suspension_timeline: CHECK ((effective_from < effective_to))
suspension_timeline: CHECK ((revision > 0))
suspension_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
suspension_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
suspension_timeline: PRIMARY KEY (usage_point_id, revision, effective_from)
tariff_signature: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
tariff_signature: FOREIGN KEY (tariff_code, version) REFERENCES tariff_version(tariff_code, version)
tariff_signature: PRIMARY KEY (tariff_code, version, actor_id)
tariff_version: CHECK ((length(sha256) = 32))
tariff_version: CHECK ((valid_from < valid_to))
tariff_version: CHECK ((version > 0))
tariff_version: FOREIGN KEY (author) REFERENCES actor(actor_id)
tariff_version: PRIMARY KEY (tariff_code, version)
time_series: PRIMARY KEY (table_name)
tou_reading: CHECK ((day_table_set = ANY (ARRAY[1, 2])))
tou_reading: CHECK ((zone_table = ANY (ARRAY[1, 2])))
tou_reading: FOREIGN KEY (tables_digest) REFERENCES tou_tables(tables_digest)
tou_reading: PRIMARY KEY (meter_id, read_at)
tou_tables: CHECK ((octet_length(tables_digest) = 32))
tou_tables: PRIMARY KEY (tables_digest)
transformer_area: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
transformer_area: PRIMARY KEY (transformer_area_id)
transformer_area: UNIQUE (code)
transformer_timeline: CHECK ((effective_from < effective_to))
transformer_timeline: CHECK ((impedance_e4 >= 0))
transformer_timeline: CHECK ((load_loss_kw_e4 >= 0))
transformer_timeline: CHECK ((metering_side = ANY (ARRAY['high'::text, 'low'::text])))
transformer_timeline: CHECK ((no_load_current_e4 >= 0))
transformer_timeline: CHECK ((no_load_loss_kw_e4 >= 0))
transformer_timeline: CHECK ((rated_kva > 0))
transformer_timeline: CHECK ((revision > 0))
transformer_timeline: FOREIGN KEY (actor_id) REFERENCES actor(actor_id)
transformer_timeline: FOREIGN KEY (usage_point_id) REFERENCES usage_point(usage_point_id)
transformer_timeline: PRIMARY KEY (usage_point_id, revision, effective_from)
usage_point: FOREIGN KEY (grid_cell_id) REFERENCES grid_cell(grid_cell_id)
usage_point: FOREIGN KEY (organisation_id) REFERENCES organisation(organisation_id)
usage_point: FOREIGN KEY (transformer_area_id) REFERENCES transformer_area(transformer_area_id)
usage_point: PRIMARY KEY (usage_point_id)
usage_point: UNIQUE (code)
validation_decision: CHECK (((source IS DISTINCT FROM 7) OR (decided_by IS NOT NULL)))
validation_decision: CHECK (((verdict = 'held'::text) = (total_e4 IS NULL)))
validation_decision: CHECK ((revision > 0))
validation_decision: CHECK ((verdict = ANY (ARRAY['accepted'::text, 'estimated'::text, 'held'::text])))
validation_decision: PRIMARY KEY (meter_id, quantity, read_at, revision)
validation_policy: CHECK ((octet_length(sha256) = 32))
validation_policy: CHECK ((reason <> ''::text))
validation_policy: CHECK ((revision > 0))
validation_policy: FOREIGN KEY (author) REFERENCES actor(actor_id)
validation_policy: PRIMARY KEY (revision)
validation_policy: UNIQUE (revision, author)
validation_policy_approval: CHECK ((approver <> author))
validation_policy_approval: FOREIGN KEY (approver) REFERENCES actor(actor_id)
validation_policy_approval: FOREIGN KEY (revision, author) REFERENCES validation_policy(revision, author)
validation_policy_approval: PRIMARY KEY (revision)
window_completion: CHECK (((done >= 0) AND (done <= jobs)))
window_completion: CHECK ((ordinal > 0))
window_completion: PRIMARY KEY (line_id, window_start, ordinal)
window_forecast: CHECK ((((unfit_jobs >= 0) AND (unfit_jobs <= jobs)) AND ((unfit_jobs = 0) = (missing_ms = 0))))
window_forecast: CHECK (((loss_ppm >= 0) AND (loss_ppm <= 1000000)))
window_forecast: CHECK ((ordinal >= 0))
window_forecast: PRIMARY KEY (line_id, window_start, ordinal)
work_item: CHECK ((attempt >= 0))
work_item: CHECK ((fencing_token >= 0))
work_item: CHECK ((state = ANY (ARRAY['due'::text, 'running'::text, 'done'::text, 'failed'::text])))
work_item: PRIMARY KEY (kind, natural_key)
work_item_event: CHECK ((ordinal > 0))
work_item_event: FOREIGN KEY (kind, natural_key) REFERENCES work_item(kind, natural_key)
work_item_event: PRIMARY KEY (kind, natural_key, ordinal)

-- Indexes

CREATE INDEX agreement_revised ON public.agreement_timeline USING btree (account_id, revision) WHERE (revision > 1)
CREATE INDEX agreement_timeline_usage_point_id_idx ON public.agreement_timeline USING btree (usage_point_id)
CREATE INDEX area_loss_service_date_idx ON public.area_loss USING btree (service_date)
CREATE INDEX due_read_at ON public.due_read USING btree (read_at, recorded_at)
CREATE INDEX due_read_sets ON public.due_read USING btree (read_at, template) WHERE (template <> 'daily_freeze'::text)
CREATE INDEX dunning_case_account_id_idx ON public.dunning_case USING btree (account_id)
CREATE INDEX estimate_read_at_idx ON public.estimate USING btree (read_at)
CREATE INDEX exception_code_idx ON public.exception USING btree (code)
CREATE INDEX exception_decision_item_exception_key_idx ON public.exception_decision_item USING btree (exception_key)
CREATE INDEX exception_effect_exception_key_idx ON public.exception_effect USING btree (exception_key)
CREATE INDEX exception_event_recorded_at_idx ON public.exception_event USING btree (recorded_at)
CREATE INDEX exception_meter_id_quantity_read_at_idx ON public.exception USING btree (meter_id, quantity, read_at)
CREATE INDEX field_order_meter_id_read_at_idx ON public.field_order USING btree (meter_id, read_at)
CREATE INDEX installation_recorded ON public.installation_timeline USING btree (recorded_at)
CREATE INDEX installation_revised ON public.installation_timeline USING btree (usage_point_id) WHERE (revision > 1)
CREATE INDEX installation_timeline_meter_id_idx ON public.installation_timeline USING btree (meter_id)
CREATE INDEX meter_communication_address_idx ON public.meter USING btree (communication_address)
CREATE INDEX meter_communication_address_idx1 ON public.meter USING btree (communication_address)
CREATE INDEX meter_order_group_meter_id_idx ON public.meter_order_group USING btree (meter_id)
CREATE INDEX meter_order_meter_id_idx ON public.meter_order USING btree (meter_id)
CREATE INDEX multiplier_revised ON public.multiplier_timeline USING btree (usage_point_id, revision) WHERE (revision > 1)
CREATE INDEX opening_item_account_id_idx ON public.opening_item USING btree (account_id)
CREATE INDEX outbox_event_provider_reference_idx ON public.outbox_event USING btree (provider_reference) WHERE (kind = 'accepted'::text)
CREATE INDEX payment_account_id_idx ON public.payment USING btree (account_id)
CREATE INDEX payment_allocation_receivable_segment_id_receivable_ordinal_idx ON public.payment_allocation USING btree (receivable_segment_id, receivable_ordinal)
CREATE INDEX quarantine_received_at_idx ON public.quarantine USING btree (received_at)
CREATE INDEX read_request_deadline_idx ON public.read_request USING btree (deadline)
CREATE INDEX reading_day ON public.reading USING brin (read_at) WITH (pages_per_range='32')
CREATE INDEX reading_live ON public.reading USING btree (read_at) WHERE (source = 4)
CREATE INDEX receivable_account_id_idx ON public.receivable USING btree (account_id)
CREATE INDEX registry_correction_content_id_idx ON public.registry_correction USING btree (content_id)
CREATE INDEX registry_correction_usage_point_id_idx ON public.registry_correction USING btree (usage_point_id)
CREATE INDEX relation_timeline_parent_id_idx ON public.relation_timeline USING btree (parent_id)
CREATE INDEX validation_decision_by_person ON public.validation_decision USING btree (read_at) WHERE (decided_by IS NOT NULL)
CREATE INDEX validation_decision_read_at_idx ON public.validation_decision USING btree (read_at) WHERE ((verdict <> 'accepted'::text) OR (rules <> '{}'::text[]))
CREATE INDEX validation_decision_recorded_at_idx ON public.validation_decision USING btree (recorded_at) WHERE ((verdict <> 'accepted'::text) OR (rules <> '{}'::text[]))
CREATE INDEX validation_decision_revised ON public.validation_decision USING btree (read_at) WHERE (revision > 1)
CREATE INDEX work_item_due_at_idx ON public.work_item USING btree (due_at) WHERE (state = ANY (ARRAY['due'::text, 'running'::text]))
CREATE UNIQUE INDEX meter_order_result_order_id_idx ON public.meter_order_result USING btree (order_id) WHERE (verdict <> 'unknown'::text)
CREATE UNIQUE INDEX outbox_one_intent ON public.outbox_event USING btree (message_id) WHERE (kind = 'send_intent'::text)

-- Views

view approval_right_in_force as
 SELECT DISTINCT ON (actor_id) actor_id,
    revision,
    granted,
    login_name
   FROM approval_right r
  WHERE ((NOT granted) OR founding OR (EXISTS ( SELECT
           FROM approval_right_confirmation c
          WHERE ((c.actor_id = r.actor_id) AND (c.revision = r.revision)))))
  ORDER BY actor_id, revision DESC;
view area_loss_latest as
 SELECT transformer_area_id,
    service_date,
    revision,
    supply_e4,
    fed_in_e4,
    sold_e4,
    estimated_e4,
    supply_points,
    sold_points,
    estimated_points,
    missing_points,
    verdict,
    threshold_e4,
    policy_version,
    recorded_at,
    actor_id,
    ((supply_e4 + fed_in_e4) - sold_e4) AS loss_e4
   FROM area_loss l
  WHERE (NOT (EXISTS ( SELECT
           FROM area_loss later
          WHERE (((later.transformer_area_id = l.transformer_area_id) AND (later.service_date = l.service_date)) AND (later.revision > l.revision)))));
view bill_line as
 SELECT b.segment_id,
    b.ordinal,
    b.account_id,
    l.line_no,
    l.component,
    l.slot,
    l.block,
    l.quantity_e4,
    l.price_e8,
    l.amount_fen
   FROM (bill b
     CROSS JOIN LATERAL UNNEST(b.line_component, b.line_slot, b.line_block, b.line_quantity_e4, b.line_price_e8, b.line_fen) WITH ORDINALITY l(component, slot, block, quantity_e4, price_e8, amount_fen, line_no));
view clock_doubt as
 SELECT meter_id,
    class,
    previous_at AS doubt_from,
    checked_at,
    next_at AS doubt_to
   FROM ( SELECT clock_check.meter_id,
            clock_check.class,
            clock_check.checked_at,
            lag(clock_check.checked_at) OVER (PARTITION BY clock_check.meter_id ORDER BY clock_check.checked_at) AS previous_at,
            lead(clock_check.checked_at) OVER (PARTITION BY clock_check.meter_id ORDER BY clock_check.checked_at) AS next_at
           FROM clock_check) checks
  WHERE (class = ANY (ARRAY['out_of_limit'::text, 'absurd'::text]));
view component_bill_line as
 SELECT c.segment_id,
    c.ordinal,
    b.account_id,
    l.line_no,
    (l.line ->> 0) AS component,
    (l.line ->> 1) AS slot,
    ((l.line ->> 2))::integer AS block,
    ((l.line ->> 3))::integer AS segment,
    (l.line ->> 4) AS starts_at,
    (l.line ->> 5) AS ends_at,
    (l.line ->> 6) AS quantity,
    (l.line ->> 7) AS unit,
    (l.line ->> 8) AS unit_price,
    (l.line ->> 9) AS multiple,
    (l.line ->> 10) AS amount_exact,
    (l.line ->> 11) AS amount,
    ((l.line ->> 12))::integer AS version,
    ((l.line ->> 13))::boolean AS is_included
   FROM ((component_bill c
     JOIN bill b USING (segment_id, ordinal))
     CROSS JOIN LATERAL jsonb_array_elements(c.lines) WITH ORDINALITY l(line, line_no));
view concentrator_contact as
 SELECT s.line_id,
    s.recorded_at AS contact_at,
    s.window_start
   FROM (line_statistics s
     JOIN line l USING (line_id))
  WHERE ((l.kind = 'mqtt_concentrator'::text) AND (s.replies > 0))
UNION ALL
 SELECT concentrator_status.line_id,
    concentrator_status.recorded_at AS contact_at,
    concentrator_status.observed_at AS window_start
   FROM concentrator_status
  WHERE concentrator_status.online;
view concentrator_table_fault as
 SELECT t.line_id,
    t.meter_id,
    'reported_elsewhere'::text AS fault,
    q.received_at AS reported_at
   FROM ((quarantine q
     JOIN meter m ON ((m.communication_address = frame_address(q.payload))))
     JOIN installation_timeline t ON (((t.meter_id = m.meter_id) AND (t.line_id <> q.line_id) AND (t.effective_from <= q.received_at) AND ((t.effective_to IS NULL) OR (t.effective_to > q.received_at)))))
  WHERE (q.reason = 'unknown_meter'::text);
view decision_origin as
 SELECT v.meter_id,
    v.quantity,
    v.read_at,
    v.revision,
        CASE
            WHEN (v.verdict = 'held'::text) THEN 'held'::text
            WHEN (v.verdict = 'estimated'::text) THEN 'estimated'::text
            WHEN (v.source = 2) THEN 'back_filled'::text
            WHEN (v.source = 4) THEN 'live'::text
            WHEN (v.source = 5) THEN 'field'::text
            WHEN (v.source = 6) THEN 'exchange'::text
            WHEN (v.source = 7) THEN 'corrected'::text
            WHEN (v.source = 8) THEN 'imported'::text
            ELSE 'read'::text
        END AS origin,
    COALESCE(v.decided_by, m.actor_id) AS by_whom,
    v.reason,
    m.document
   FROM (( SELECT DISTINCT ON (validation_decision.meter_id, validation_decision.quantity, validation_decision.read_at) validation_decision.meter_id,
            validation_decision.quantity,
            validation_decision.read_at,
            validation_decision.revision,
            validation_decision.verdict,
            validation_decision.total_e4,
            validation_decision.tou1_e4,
            validation_decision.tou2_e4,
            validation_decision.tou3_e4,
            validation_decision.tou4_e4,
            validation_decision.source,
            validation_decision.rules,
            validation_decision.reason,
            validation_decision.recorded_at,
            validation_decision.policy_version,
            validation_decision.decided_by
           FROM validation_decision
          ORDER BY validation_decision.meter_id, validation_decision.quantity, validation_decision.read_at, validation_decision.revision DESC) v
     LEFT JOIN LATERAL ( SELECT m_1.actor_id,
            m_1.document
           FROM manual_reading_standing m_1
          WHERE (((m_1.meter_id = v.meter_id) AND (m_1.quantity = v.quantity) AND (m_1.read_at = v.read_at) AND (m_1.source = v.source)) AND (NOT (((((m_1.total_e4 IS DISTINCT FROM v.total_e4) OR (m_1.tou1_e4 IS DISTINCT FROM v.tou1_e4)) OR (m_1.tou2_e4 IS DISTINCT FROM v.tou2_e4)) OR (m_1.tou3_e4 IS DISTINCT FROM v.tou3_e4)) OR (m_1.tou4_e4 IS DISTINCT FROM v.tou4_e4))))
          ORDER BY m_1.recorded_at, m_1.noted_for
         LIMIT 1) m ON (true));
view determinant_hold_release as
 SELECT x.account_id,
    x.period_start,
    x.period_end,
    o.rules[1] AS code,
    d.actor_id,
    d.reason,
    f.recorded_at
   FROM ((((exception x
     JOIN exception_effect f ON (((f.exception_key = x.exception_key) AND (f.outcome = 'applied'::text))))
     JOIN exception_decision d ON (((d.decision_id = f.decision_id) AND (d.action = 'accept'::text))))
     JOIN exception_decision_item i ON (((i.decision_id = f.decision_id) AND (i.exception_key = f.exception_key))))
     JOIN exception_event o ON (((o.exception_key = i.exception_key) AND (o.ordinal = i.seen_ordinal))))
  WHERE ((x.kind = 'determinant_hold'::text) AND (NOT (EXISTS ( SELECT
           FROM (exception_decision u
             JOIN exception_effect g ON ((g.decision_id = u.decision_id)))
          WHERE ((u.undoes = d.decision_id) AND (g.exception_key = x.exception_key) AND (g.outcome = 'applied'::text))))));
view due_point_purpose as
 SELECT due_purpose.meter_id,
    due_purpose.template,
    due_purpose.read_at,
    due_purpose.purpose,
    due_purpose.recorded_at
   FROM due_purpose
UNION ALL
 SELECT due_read.meter_id,
    due_read.template,
    due_read.read_at,
    'daily'::text AS purpose,
    due_read.recorded_at
   FROM due_read
  WHERE due_read.daily;
view end_device_event_latest as
 SELECT DISTINCT ON (meter_id, kind, occurred_at, ordinal) meter_id,
    kind,
    occurred_at,
    ordinal,
    claim_digest,
    ended_at,
    operator,
    detail,
    line_id,
    line_sequence,
    frame_received_at,
    frame_offset,
    frame_length,
    recorded_at
   FROM end_device_event
  ORDER BY meter_id, kind, occurred_at, ordinal, ended_at DESC NULLS LAST, recorded_at, claim_digest;
view estimate_outcome as
 SELECT e.meter_id,
    e.quantity,
    e.read_at,
    e.revision,
    e.method,
    e.low_e4,
    e.high_e4,
    e.before_at,
    e.after_at,
    e.history_days,
    e.peers,
    e.boundary,
    e.policy_version,
    e.recorded_at,
    d.total_e4,
    s.revision AS standing_revision,
    s.verdict AS standing_verdict,
    s.total_e4 AS standing_total_e4,
    (s.revision > e.revision) AS superseded,
        CASE
            WHEN (s.revision > e.revision) THEN s.recorded_at
            ELSE NULL::timestamp with time zone
        END AS superseded_at,
    (s.total_e4 - d.total_e4) AS difference_e4,
        CASE
            WHEN (s.verdict = 'accepted'::text) THEN ((s.total_e4 >= e.low_e4) AND (s.total_e4 <= e.high_e4))
            ELSE NULL::boolean
        END AS held_in_interval
   FROM ((estimate e
     JOIN validation_decision d USING (meter_id, quantity, read_at, revision))
     CROSS JOIN LATERAL ( SELECT v.meter_id,
            v.quantity,
            v.read_at,
            v.revision,
            v.verdict,
            v.total_e4,
            v.tou1_e4,
            v.tou2_e4,
            v.tou3_e4,
            v.tou4_e4,
            v.source,
            v.rules,
            v.reason,
            v.recorded_at,
            v.policy_version,
            v.decided_by
           FROM validation_decision v
          WHERE ((v.meter_id = e.meter_id) AND (v.quantity = e.quantity) AND (v.read_at = e.read_at))
          ORDER BY v.revision DESC
         LIMIT 1) s);
view exception_now as
 SELECT exception_key,
    ordinal,
    event,
    rules,
    detail,
    evidence,
    deadline,
    decision_id,
    recorded_at
   FROM exception_event e
  WHERE (NOT (EXISTS ( SELECT
           FROM exception_event n
          WHERE ((n.exception_key = e.exception_key) AND (n.ordinal > e.ordinal)))));
view exception_undo as
 SELECT u.decision_id,
    u.undoes,
    i.exception_key,
    u.recorded_at
   FROM (exception_decision u
     JOIN exception_decision_item i ON ((i.decision_id = u.decision_id)))
  WHERE ((u.action = 'undo'::text) AND (u.approvals_needed <= ( SELECT count(*) AS count
           FROM exception_decision_approval a
          WHERE (a.decision_id = u.decision_id))));
view interval_charge_line as
 SELECT c.rating_id,
    r.set_id,
    c.account_id,
    c.tariff_code,
    c.tariff_version,
    line.ordinal,
    (kind.value ->> 'code'::text) AS component,
    ((kind.value -> 'slots'::text) ->> (line.slot)::integer) AS slot,
    ((line.quantity_e4)::numeric / (10000)::numeric) AS quantity_kwh,
    ((NULLIF(line.price_e8, 0))::numeric / (100000000)::numeric) AS price,
    ((line.fen)::numeric / (100)::numeric) AS amount
   FROM (((interval_charge c
     JOIN interval_rating r USING (rating_id))
     CROSS JOIN LATERAL UNNEST(c.line_component, c.line_slot, c.line_quantity_e4, c.line_price_e8, c.line_fen) WITH ORDINALITY line(component, slot, quantity_e4, price_e8, fen, ordinal))
     CROSS JOIN LATERAL ( SELECT ((t.value -> 'components'::text) -> (line.component)::integer) AS value
           FROM jsonb_array_elements(r.tariffs) t(value)
          WHERE (((t.value ->> 'code'::text) = c.tariff_code) AND (((t.value ->> 'version'::text))::integer = c.tariff_version))) kind);
view interval_day_latest as
 SELECT meter_id,
    channel,
    day_start,
    revision,
    service_date,
    slot_minutes,
    slot_count,
    values_e4,
    qualities,
    start_e4,
    end_e4,
    sum_e4,
    difference_e4,
    verdict,
    rules,
    reason,
    fills,
    content_digest,
    policy_version,
    recorded_at
   FROM interval_day d
  WHERE (NOT (EXISTS ( SELECT
           FROM interval_day later
          WHERE (((later.meter_id = d.meter_id) AND (later.channel = d.channel) AND (later.day_start = d.day_start)) AND (later.revision > d.revision)))));
view interval_energy as
 SELECT p.meter_id,
    p.curve,
    p.slot_start,
    p.slot_end,
        CASE
            WHEN (p.values_e4[1] >= before.values_e4[1]) THEN (p.values_e4[1] - before.values_e4[1])
            ELSE NULL::bigint
        END AS forward_e4,
        CASE
            WHEN (p.values_e4[2] >= before.values_e4[2]) THEN (p.values_e4[2] - before.values_e4[2])
            ELSE NULL::bigint
        END AS reverse_e4
   FROM (undisputed_interval_piece p
     LEFT JOIN undisputed_interval_piece before ON (((before.meter_id = p.meter_id) AND (before.curve = p.curve) AND (before.slot_start = (p.slot_start - (p.slot_end - p.slot_start))) AND (before.slot_end = p.slot_start))))
  WHERE (p.curve = ANY (ARRAY[4, 54]));
view interval_slot as
 SELECT d.meter_id,
    d.channel,
    d.service_date,
    d.revision,
    d.verdict,
    slot.ordinal,
    (d.day_start + (((slot.ordinal * d.slot_minutes))::double precision * '00:01:00'::interval)) AS slot_start,
    (d.day_start + ((((slot.ordinal + 1) * d.slot_minutes))::double precision * '00:01:00'::interval)) AS slot_end,
    (((get_byte(d.values_e4, (4 * slot.ordinal)) | (get_byte(d.values_e4, ((4 * slot.ordinal) + 1)) << 8)) | (get_byte(d.values_e4, ((4 * slot.ordinal) + 2)) << 16)) | (get_byte(d.values_e4, ((4 * slot.ordinal) + 3)) << 24)) AS value_e4,
    get_byte(d.qualities, slot.ordinal) AS quality
   FROM (interval_day_latest d
     CROSS JOIN LATERAL generate_series(0, (d.slot_count - 1)) slot(ordinal));
view issued_bill as
 SELECT b.account_id,
    b.period_start,
    b.period_end,
    b.energy_e4,
    (i.first_number + b.ordinal) AS bill_number,
    i.issued_at,
    r.set_id
   FROM (((bill b
     JOIN segment_issue i USING (segment_id))
     JOIN run_segment s USING (segment_id))
     JOIN billing_run r USING (run_id));
view manual_reading_standing as
 SELECT meter_id,
    quantity,
    read_at,
    total_e4,
    tou1_e4,
    tou2_e4,
    tou3_e4,
    tou4_e4,
    source,
    document,
    recorded_at,
    actor_id,
    revision,
    claim_digest,
    reader,
    noted_for
   FROM manual_reading m
  WHERE (NOT (EXISTS ( SELECT
           FROM manual_reading_withdrawal w
          WHERE ((w.meter_id = m.meter_id) AND (w.quantity = m.quantity) AND (w.read_at = m.read_at) AND (w.source = m.source) AND (w.revision = m.revision) AND (w.noted_for = m.noted_for)))));
view meter_exchange_standing as
 SELECT usage_point_id,
    exchanged_at,
    old_meter_id,
    new_meter_id,
    document,
    recorded_at,
    actor_id,
    revision
   FROM meter_exchange e
  WHERE (NOT (EXISTS ( SELECT
           FROM meter_exchange_withdrawal w
          WHERE ((w.usage_point_id = e.usage_point_id) AND (w.exchanged_at = e.exchanged_at) AND (w.revision = e.revision)))));
view meter_misaddressed as
 SELECT d.meter_id,
    d.told_from,
    d.told_until
   FROM (( SELECT meter_description.meter_id,
            meter_description.was_protocol,
            meter_description.was_communication_address,
            meter_description.recorded_at AS told_until,
            lag(meter_description.recorded_at, 1, '-infinity'::timestamp with time zone) OVER (PARTITION BY meter_description.meter_id ORDER BY meter_description.revision) AS told_from
           FROM meter_description) d
     JOIN meter m USING (meter_id))
  WHERE ((d.was_protocol <> m.protocol) OR (d.was_communication_address <> m.communication_address));
view money_at_risk_now as
 SELECT DISTINCT ON (account_id) account_id,
    period_start,
    price_e8,
    expected_energy_e4
   FROM money_at_risk
  ORDER BY account_id, period_start DESC, revision DESC;
view open_item as
 SELECT r.segment_id,
    r.ordinal,
    r.account_id,
    (i.first_number + r.ordinal) AS bill_number,
    r.due_date,
    r.amount_fen,
    (r.amount_fen - (COALESCE(( SELECT sum(a.amount_fen) AS sum
           FROM payment_allocation a
          WHERE ((a.receivable_segment_id = r.segment_id) AND (a.receivable_ordinal = r.ordinal))), (0)::numeric))::bigint) AS open_fen,
    COALESCE(((i.first_number + r.ordinal))::text, ((l.natural_key || ':'::text) || r.old_bill)) AS bill
   FROM (((receivable r
     JOIN segment_posting p USING (segment_id))
     LEFT JOIN ledger_segment l USING (segment_id))
     LEFT JOIN segment_issue i USING (segment_id));
view opening_batch_in_force as
 SELECT b.code,
    b.as_of,
    a.approved_at AS in_force_at
   FROM (opening_batch b
     CROSS JOIN LATERAL ( SELECT a_1.approved_at
           FROM opening_batch_approval a_1
          WHERE ((a_1.code = b.code) AND (a_1.sha256 = b.sha256))
          ORDER BY a_1.approved_at, a_1.approver
         OFFSET 1
         LIMIT 1) a);
view opening_batch_to_follow_up as
 SELECT f.code,
    f.in_force_at,
    s.organisation_id,
    s.period_start,
    s.period_end
   FROM (opening_batch_in_force f
     JOIN determinant_set s ON ((s.recorded_at < f.in_force_at)))
  WHERE ((NOT (EXISTS ( SELECT
           FROM opening_batch_redo r
          WHERE (r.code = f.code)))) AND (NOT (EXISTS ( SELECT
           FROM determinant_set n
          WHERE (((n.organisation_id = s.organisation_id) AND (n.period_start = s.period_start) AND (n.period_end = s.period_end)) AND (n.revision > s.revision))))) AND (EXISTS ( SELECT
           FROM opening_item i
          WHERE ((i.batch = f.code) AND (i.kind = ANY (ARRAY['register'::text, 'ladder'::text, 'estimate'::text])) AND ((EXISTS ( SELECT
                   FROM determinant d
                  WHERE ((d.set_id = s.set_id) AND (d.account_id = i.account_id)))) OR (EXISTS ( SELECT
                   FROM determinant_hold h
                  WHERE ((h.set_id = s.set_id) AND (h.account_id = i.account_id)))))))));
view opening_item_in_force as
 SELECT i.batch,
    i.account_id,
    i.kind,
    i.meter_id,
    i.month,
    i.bill,
    i.from_day,
    i.to_day,
    i.energy_e4,
    i.tou1_e4,
    i.tou2_e4,
    i.tou3_e4,
    i.tou4_e4,
    i.ladder_months,
    i.demand_kw_e4,
    i.amount_fen,
    i.due_date,
    i.recorded_at,
    i.actor_id,
    b.as_of,
    b.in_force_at
   FROM (opening_item i
     JOIN opening_batch_in_force b ON ((b.code = i.batch)));
view reading_claims as
 SELECT reading.meter_id,
    reading.quantity,
    reading.read_at,
    reading.total_e4,
    reading.tou1_e4,
    reading.tou2_e4,
    reading.tou3_e4,
    reading.tou4_e4,
    reading.source,
    reading.line_id,
    reading.line_sequence,
    reading.frame_received_at,
    reading.recorded_at,
    reading.frame_offset,
    reading.frame_length
   FROM reading
UNION ALL
 SELECT reading_claim.meter_id,
    reading_claim.quantity,
    reading_claim.read_at,
    reading_claim.total_e4,
    reading_claim.tou1_e4,
    reading_claim.tou2_e4,
    reading_claim.tou3_e4,
    reading_claim.tou4_e4,
    reading_claim.source,
    reading_claim.line_id,
    reading_claim.line_sequence,
    reading_claim.frame_received_at,
    reading_claim.recorded_at,
    reading_claim.frame_offset,
    reading_claim.frame_length
   FROM reading_claim
UNION ALL
 SELECT manual_reading.meter_id,
    manual_reading.quantity,
    manual_reading.read_at,
    manual_reading.total_e4,
    manual_reading.tou1_e4,
    manual_reading.tou2_e4,
    manual_reading.tou3_e4,
    manual_reading.tou4_e4,
    manual_reading.source,
    NULL::bigint AS line_id,
    NULL::bigint AS line_sequence,
    NULL::timestamp with time zone AS frame_received_at,
    manual_reading.recorded_at,
    NULL::integer AS frame_offset,
    NULL::integer AS frame_length
   FROM manual_reading;
view registry_correction_in_effect as
 SELECT registry_correction_approval.correction_id,
    registry_correction_approval.approved_at AS in_effect_at
   FROM registry_correction_approval
UNION ALL
 SELECT registry_late_change.correction_id,
    registry_late_change.recorded_at AS in_effect_at
   FROM registry_late_change;
view served_read as
 SELECT reading.meter_id,
    'daily_freeze'::text AS template,
    reading.read_at,
    reading.source,
    reading.recorded_at AS served_at
   FROM reading
  WHERE (reading.quantity = 1)
UNION ALL
 SELECT served_otherwise.meter_id,
    served_otherwise.template,
    served_otherwise.read_at,
    served_otherwise.source,
    served_otherwise.served_at
   FROM served_otherwise('-infinity'::timestamp with time zone, 'infinity'::timestamp with time zone) served_otherwise(meter_id, template, read_at, source, served_at, told_at, withdrawn_at);
view trial_balance as
 SELECT b.account_number,
    l.name_zh,
    l.name_en,
    sum(b.debit_fen) AS debit_fen,
    sum(b.credit_fen) AS credit_fen
   FROM (segment_balance b
     JOIN ledger_account l USING (account_number))
  GROUP BY b.account_number, l.name_zh, l.name_en;
view undisputed_interval_piece as
 SELECT meter_id,
    curve,
    slot_start,
    slot_end,
    claim_digest,
    values_e4,
    line_id,
    line_sequence,
    frame_received_at,
    frame_offset,
    frame_length,
    recorded_at
   FROM interval_piece p
  WHERE (NOT (EXISTS ( SELECT
           FROM interval_piece other
          WHERE (((other.meter_id = p.meter_id) AND (other.curve = p.curve) AND (other.slot_start = p.slot_start)) AND (other.claim_digest <> p.claim_digest)))));
view validated_reading as
 SELECT DISTINCT ON (meter_id, quantity, read_at) meter_id,
    quantity,
    read_at,
    revision,
    verdict,
    total_e4,
    tou1_e4,
    tou2_e4,
    tou3_e4,
    tou4_e4,
    source,
    rules,
    reason,
    recorded_at,
    policy_version,
    decided_by
   FROM validation_decision
  ORDER BY meter_id, quantity, read_at, revision DESC;

-- Functions

CREATE OR REPLACE FUNCTION public.agreement_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF agreement_timeline
 LANGUAGE sql
 STABLE
AS $function$
  select t.* from agreement_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from agreement_timeline n where n.account_id = t.account_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.area_supply_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF area_supply_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from area_supply_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from area_supply_timeline n
                      where (n.transformer_area_id, n.usage_point_id) = (t.transformer_area_id, t.usage_point_id)
                        and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.ask_second_over_frame()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if new.action = 'accept' and exists (
       select from exception_decision_item i join exception x using (exception_key)
        where i.decision_id = new.decision_id and i.source in (5, 6, 8)
          and exists (select from reading_claims c
                       where (c.meter_id, c.quantity, c.read_at) = (x.meter_id, x.quantity, x.read_at) and c.source not in (5, 6, 7, 8))) then
    new.approvals_needed := greatest(new.approvals_needed, 1);
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.billing_boundary(known_after timestamp with time zone, known_at timestamp with time zone, after_at timestamp with time zone, through_at timestamp with time zone)
 RETURNS TABLE(usage_point_id bigint, at timestamp with time zone, purpose text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with agreement as materialized (
    select t.account_id, t.usage_point_id, t.effective_from, t.effective_to, t.tariff_code,
           -- A later revision says again what an earlier one told.
           case when t.revision = 1 then t.recorded_at
                else (select min(e.recorded_at) from agreement_timeline e
                       where (e.account_id, e.usage_point_id, e.effective_from) = (t.account_id, t.usage_point_id, t.effective_from)) end as from_told_at,
           case when t.revision = 1 then t.recorded_at
                else (select min(e.recorded_at) from agreement_timeline e
                       where (e.account_id, e.usage_point_id, e.effective_to) = (t.account_id, t.usage_point_id, t.effective_to)) end as to_told_at
      from agreement_timeline t
     where t.recorded_at <= known_at
       and not exists (select from agreement_timeline n
                        where n.account_id = t.account_id and n.revision > t.revision and n.recorded_at <= known_at)),
  -- Local days whose midnight lies in the span, by zone.
  local_day as (
    select z.time_zone, day::date as local_date, day at time zone z.time_zone as at
      from (select distinct time_zone from organisation) z
      cross join lateral generate_series(date_trunc('day', after_at at time zone z.time_zone),
                                         through_at at time zone z.time_zone, interval '1 day') day
     where day at time zone z.time_zone > after_at and day at time zone z.time_zone <= through_at),
  supplied as (
    select a.*, o.time_zone from agreement a join usage_point u using (usage_point_id) join organisation o using (organisation_id)),
  suspension as (
    select t.usage_point_id, t.effective_from, t.effective_to,
           (select min(e.recorded_at) from suspension_timeline e
             where (e.usage_point_id, e.effective_from) = (t.usage_point_id, t.effective_from)) as from_told_at,
           (select min(e.recorded_at) from suspension_timeline e
             where (e.usage_point_id, e.effective_to) = (t.usage_point_id, t.effective_to)) as to_told_at
      from suspension_timeline t
     where t.recorded_at <= known_at
       and not exists (select from suspension_timeline n
                        where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)),
  stated_day as (
    select t.usage_point_id, t.effective_from, t.effective_to, t.reading_day, t.recorded_at as told_at
      from reading_day_timeline t
     where t.recorded_at <= known_at
       and not exists (select from reading_day_timeline n
                        where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)),
  -- Days on which a reading day could fall are few, so that most nights of a large registry join nothing: 1 for whoever states no other.
  reading_moment as materialized (
    select a.usage_point_id, a.tariff_code, d.at, d.local_date, 1 as reading_day,
           greatest(a.from_told_at, (select max(r.told_at) from stated_day r where r.usage_point_id = a.usage_point_id)) as told_at
      from local_day d join supplied a using (time_zone)
     where is_reading_day(d.local_date, 1) and a.effective_from <= d.at and (a.effective_to is null or a.effective_to > d.at)
       and not exists (select from stated_day r
                        where r.usage_point_id = a.usage_point_id and r.effective_from <= d.at and (r.effective_to is null or r.effective_to > d.at))
    union all
    select a.usage_point_id, a.tariff_code, d.at, d.local_date, r.reading_day, greatest(a.from_told_at, r.told_at)
      from local_day d
      join stated_day r on is_reading_day(d.local_date, r.reading_day)
       and r.effective_from <= d.at and (r.effective_to is null or r.effective_to > d.at)
      join supplied a on a.usage_point_id = r.usage_point_id and a.time_zone = d.time_zone
     where a.effective_from <= d.at and (a.effective_to is null or a.effective_to > d.at)),
  boundary (usage_point_id, at, purpose, told_at) as (
    select m.usage_point_id, m.at, 'reading_day', m.told_at from reading_moment m
    union all
    select m.usage_point_id, m.at, 'ladder_year_end', m.told_at
      from reading_moment m
     where is_ladder_year_end(m.local_date, m.reading_day)
       and exists (select from tariff_version v where v.tariff_code = m.tariff_code and v.document -> 'ladder' is not null)
    union all
    -- A version counts when two have signed it; the first version of a tariff changes no price.
    select a.usage_point_id, d.at, 'price_change', greatest(a.from_told_at, s.signed_at)
      from local_day d
      join tariff_version v on v.valid_from = d.local_date
      join lateral (select signed_at from tariff_signature g
                     where (g.tariff_code, g.version) = (v.tariff_code, v.version) and g.signed_at <= known_at
                     order by signed_at offset 1 limit 1) s on true
      join supplied a on a.time_zone = d.time_zone and a.tariff_code = v.tariff_code
     where a.effective_from < d.at and (a.effective_to is null or a.effective_to > d.at)
       and exists (select from tariff_version o where o.tariff_code = v.tariff_code and o.valid_from < v.valid_from)
    union all
    select a.usage_point_id, a.effective_from, case when b.account_id is null then 'contract_change' else 'class_change' end, a.from_told_at
      from agreement a
      left join agreement b on b.account_id = a.account_id and b.usage_point_id = a.usage_point_id and b.effective_to = a.effective_from
     where a.effective_from > after_at and a.effective_from <= through_at
       and (b.account_id is null or b.tariff_code <> a.tariff_code)
    union all
    select a.usage_point_id, a.effective_to, 'contract_change', a.to_told_at
      from agreement a
     where a.effective_to > after_at and a.effective_to <= through_at
       and not exists (select from agreement n
                        where n.account_id = a.account_id and n.usage_point_id = a.usage_point_id and n.effective_from = a.effective_to)
    union all
    select e.usage_point_id, e.exchanged_at, 'exchange', e.recorded_at
      from meter_exchange e
     where e.exchanged_at > after_at and e.exchanged_at <= through_at
       and not exists (select from meter_exchange_withdrawal w
                        where (w.usage_point_id, w.exchanged_at, w.revision) = (e.usage_point_id, e.exchanged_at, e.revision)
                          and w.recorded_at <= known_at)
    union all
    select s.usage_point_id, s.effective_from, 'suspension', s.from_told_at
      from suspension s where s.effective_from > after_at and s.effective_from <= through_at
    union all
    select s.usage_point_id, s.effective_to, 'suspension', s.to_told_at
      from suspension s where s.effective_to > after_at and s.effective_to <= through_at)
  select distinct b.usage_point_id, b.at, b.purpose from boundary b where b.told_at > known_after and b.told_at <= known_at
$function$
CREATE OR REPLACE FUNCTION public.change_to_follow_up(of_organisation bigint)
 RETURNS TABLE(what text, named text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select 'correction', concat_ws(' ', c.kind, coalesce(u.code, a.code, m.code))
    from registry_correction_in_effect p
    join registry_correction c using (correction_id)
    left join usage_point u using (usage_point_id)
    left join account a using (account_id)
    left join meter m on m.meter_id = c.meter_id
   where not exists (select from registry_correction_redo r where r.correction_id = p.correction_id)
     and (of_organisation in (u.organisation_id, a.organisation_id)
          or exists (select from installation_timeline i join usage_point h using (usage_point_id)
                      where i.meter_id = c.meter_id and h.organisation_id = of_organisation))
  union all
  -- Decisions that only wait or send somebody change nothing.
  select 'decision', d.decision_id::text
    from exception_decision d
    left join exception_decision undone on undone.decision_id = d.undoes
   where not exists (select from exception_decision_redo r where r.decision_id = d.decision_id)
     and exists (select from exception_effect f
                   join exception x using (exception_key)
                   join usage_point h on h.usage_point_id = x.usage_point_id and h.organisation_id = of_organisation
                  where f.decision_id = d.decision_id and f.outcome = 'applied'
                    and (f.validation_revision is not null
                         or (x.kind = 'determinant_hold' and coalesce(undone.action, d.action) in ('accept', 'reject'))))
  union all
  select 'opening', o.code from opening_batch_to_follow_up o where o.organisation_id = of_organisation
  order by 1, 2 limit 1
$function$
CREATE OR REPLACE FUNCTION public.check_acting_time_rule()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if new.tolerance is null and exists (select from deployment where purpose = 'production') then
    perform refuse('a database in production keeps the server''s time');
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_approval()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  approval jsonb := to_jsonb(new);
  person text := approval ->> tg_argv[3];
  named text := tg_argv[0] || ' ' || concat_ws(' ', approval ->> split_part(tg_argv[5], ', ', 1), approval ->> 'version');
  wrote text;
begin
  execute format('select p.%I from %I p join jsonb_populate_record(null::%I, $1) a using (%s)', tg_argv[2], tg_argv[1], tg_argv[1], tg_argv[5])
    into wrote using approval;
  if wrote is null then
    perform refuse(format('%s is not what was approved', named));
  end if;
  if wrote = person then
    perform refuse(format('%s wrote %s and may not approve it: that takes another person', person, named));
  end if;
  if not exists (select from actor a where a.actor_id = person and a.kind = 'person') then
    perform refuse(format('%s is approved by people; %s is none', named, person));
  end if;
  if not holds_approval_right(person) then
    perform refuse(format('%s may not approve %s: nobody has given them the right to approve', person, named));
  end if;
  perform require_own_session(person);
  perform require_present((approval ->> tg_argv[4])::timestamptz);
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_approval_right()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  -- One at a time, or two could be the first.
  perform pg_advisory_xact_lock(hashtextextended('approval_right', 0));
  if not exists (select from actor a where a.actor_id = new.actor_id and a.kind = 'person') then
    perform refuse(format('only people approve; %s is none', new.actor_id));
  end if;
  if new.revision <> 1 + coalesce((select max(revision) from approval_right r where r.actor_id = new.actor_id), 0) then
    perform refuse(format('revision %s of the right of %s does not follow the last one', new.revision, new.actor_id));
  end if;
  new.founding := new.granted
    and (select count(*) from approval_right_in_force r where r.granted and r.actor_id <> new.actor_id) < 2;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_author()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  act jsonb := to_jsonb(new);
begin
  perform require_own_session(act ->> tg_argv[0]);
  perform require_present((act ->> tg_argv[1])::timestamptz);
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_decided_by()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not exists (
    select from exception x
      join exception_effect e on e.exception_key = x.exception_key and e.outcome = 'applied'
      join exception_decision d on d.decision_id = e.decision_id and d.actor_id = new.decided_by
      join exception_decision_item i on (i.decision_id, i.exception_key) = (e.decision_id, e.exception_key)
     where (x.meter_id, x.quantity, x.read_at) = (new.meter_id, new.quantity, new.read_at)
       and not exists (select from exception_decision u join exception_effect f on f.decision_id = u.decision_id
                        where u.undoes = d.decision_id and f.exception_key = x.exception_key and f.outcome = 'applied')
       and case when d.action = 'estimate' then new.verdict = 'estimated'
                else d.action in ('accept', 'correct') and new.verdict = 'accepted'
                 and (new.source, new.total_e4, new.tou1_e4, new.tou2_e4, new.tou3_e4, new.tou4_e4) is not distinct from
                     (i.source, i.total_e4, i.tou1_e4, i.tou2_e4, i.tou3_e4, i.tou4_e4) end) then
    perform refuse(format('%s has decided nothing of the kind about meter %s at %s', new.decided_by, new.meter_id, new.read_at));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_determinant_quantities()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  wrong bigint;
begin
  select q.account_id into wrong
    from (select account_id, sum(total_e4) filter (where quantity in
                   ('active_energy', 'relation_deducted', 'relation_share', 'fixed_quantity', 'opening_estimate')) as billed_e4
            from determinant_quantity where set_id = new.set_id group by account_id) q
    left join determinant d on (d.set_id, d.account_id) = (new.set_id, q.account_id)
   where d.account_id is null or d.energy_e4 <> q.billed_e4
   limit 1;
  if wrong is null then
    select d.account_id into wrong from determinant d
     where d.set_id = new.set_id and cardinality(d.meter_ids) = 0
       and not exists (select from determinant_quantity q where (q.set_id, q.account_id) = (d.set_id, d.account_id))
     limit 1;
  end if;
  if wrong is not null then
    raise exception 'determinant set %: the quantities of account % do not add up to what it is billed on', new.set_id, wrong using errcode = 'check_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_determinant_set()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_nestloop TO 'off'
AS $function$
declare
  determinants integer;
  holds integer;
  known integer;
begin
  select count(*), count(a.account_id) into determinants, known
    from determinant d left join account a using (account_id) where d.set_id = new.set_id;
  select count(*), known + count(a.account_id) into holds, known
    from determinant_hold h left join account a using (account_id) where h.set_id = new.set_id;
  if determinants + holds <> new.account_count or known <> new.account_count
     or holds > 0 and exists (select account_id from determinant_hold where set_id = new.set_id
                              intersect select account_id from determinant where set_id = new.set_id) then
    raise exception 'determinant set % does not hold each of its % accounts once', new.set_id, new.account_count using errcode = 'check_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_dunning_policy()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not holds_approval_right(new.approver) then
    perform refuse(format('%s may not approve dunning policies: nobody has given them the right to approve', new.approver));
  end if;
  perform require_own_session(new.approver);
  perform require_present(new.recorded_at);
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_estimate()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if exists (select from appended e
              where not exists (select from validation_decision d
                                 where (d.meter_id, d.quantity, d.read_at, d.revision) = (e.meter_id, e.quantity, e.read_at, e.revision)
                                   and d.verdict = 'estimated' and d.total_e4 between e.low_e4 and e.high_e4)) then
    raise exception 'an estimate belongs to a decision that says so and lies in its interval' using errcode = 'check_violation';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.check_exception_decision()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  items bigint;
  others bigint;
  against bigint;
  late bigint;
  undone exception_decision;
begin
  select p.revision into strict new.policy_revision from exception_policy_as_of(new.recorded_at) p;
  select count(*), count(*) filter (where i.action <> new.action), coalesce(sum(abs(i.effect_e4)), 0), coalesce(sum(abs(i.effect_fen)), 0),
         count(*) filter (where i.effect_e4 is null), count(*) filter (where i.refused),
         count(*) filter (where new.hold_until > exception_cut_off(x))
    into items, others, new.effect_e4, new.effect_fen, new.unknown_effects, against, late
    from exception_decision_item i join exception x using (exception_key) where i.decision_id = new.decision_id;
  if items <> new.item_count or others > 0 then
    perform refuse(format('decision %s does not hold its %s exceptions', new.decision_id, new.item_count));
  end if;
  if new.hold_until <= new.recorded_at then
    perform refuse(format('decision %s holds until %s, which is past', new.decision_id, new.hold_until));
  end if;
  if (against > 0) <> (new.override_code is not null) then
    perform refuse(format('decision %s: an override code belongs to a value that the rules refuse, and to no other', new.decision_id));
  end if;
  if new.action = 'undo' then
    select * into strict undone from exception_decision d where d.decision_id = new.undoes;
    new.effect_e4 := undone.effect_e4;
    new.effect_fen := undone.effect_fen;
    new.unknown_effects := undone.unknown_effects;
    if exists (select from exception_decision_item i where i.decision_id = new.decision_id
       and not exists (select from exception_decision_item e where (e.decision_id, e.exception_key) = (new.undoes, i.exception_key))) then
      perform refuse(format('decision %s did not speak of all that is to be undone', new.undoes));
    end if;
  end if;
  new.approvals_needed := case
    -- What has had no effect yet is only withdrawn.
    when new.action = 'undo' then
      case when exists (select from exception_effect e where e.decision_id = new.undoes) then undone.approvals_needed else 0 end
    when new.action = 'correct' or new.unknown_effects > 0 or late > 0 then 1
    when exists (
      select from exception_policy_as_of(new.recorded_at) p cross join jsonb_array_elements(p.document -> 'approvals') r
       where r ->> 'action' = new.action
         and (r -> 'kinds' is null or exists (
           select from exception_decision_item i join exception x using (exception_key)
            where i.decision_id = new.decision_id and r -> 'kinds' ? x.kind))
         and (new.effect_e4 > (r ->> 'aboveKwh')::numeric * 10000 or new.effect_fen > (r ->> 'aboveYuan')::numeric * 100
              or new.item_count > (r ->> 'aboveItems')::integer)) then 1
    else 0 end;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_exception_effect()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  needed integer := (select d.approvals_needed from exception_decision d where d.decision_id = new.decision_id);
  given bigint := (select count(*) from exception_decision_approval a where a.decision_id = new.decision_id);
begin
  if needed is null or given < needed then
    perform refuse(format('decision %s has %s of %s approvals', new.decision_id, given, needed));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_exception_item()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  named exception;
begin
  select * into named from exception x where x.exception_key = new.exception_key;
  if new.total_e4 is not null and named.read_at is null then
    perform refuse(format('%s is about no reading', new.exception_key));
  end if;
  -- Accepting means to believe a claim that is there; whatever else somebody enters is a correction.
  if new.action = 'accept' and new.total_e4 is not null and not exists (
    select from reading_claims c
     where (c.meter_id, c.quantity, c.read_at, c.source) = (named.meter_id, named.quantity, named.read_at, new.source)
       and (c.total_e4, c.tou1_e4, c.tou2_e4, c.tou3_e4, c.tou4_e4) is not distinct from
           (new.total_e4, new.tou1_e4, new.tou2_e4, new.tou3_e4, new.tou4_e4)) then
    perform refuse(format('no claim of %s says what is to be accepted', new.exception_key));
  end if;
  if new.action = 'correct' and new.warnings = '{}' and new.total_e4 < (
    select v.total_e4 from validation_decision v
     where v.meter_id = named.meter_id and v.quantity = named.quantity and v.read_at < named.read_at and v.verdict = 'accepted'
       and not exists (select from validation_decision n
                        where (n.meter_id, n.quantity, n.read_at) = (v.meter_id, v.quantity, v.read_at) and n.revision > v.revision)
     order by v.read_at desc limit 1) then
    perform refuse(format('%s is corrected to less than the last accepted value, and no rule was asked', new.exception_key));
  end if;
  if new.action in ('accept', 'correct') then
    select e.effect_e4, e.effect_fen into new.effect_e4, new.effect_fen from exception_item_effect('infinity', new) e;
  else
    new.effect_e4 := 0;
    new.effect_fen := 0;
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_member_approval()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  whole uuid := (select group_id from meter_order_member m where m.order_id = new.order_id);
begin
  if whole is not null
     and not exists (select from meter_order_group_approval a where a.group_id = whole and a.approver = new.approver) then
    perform refuse(format('order %s is part of group %s and approved with it', new.order_id, whole));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_member_use()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  member meter_order_member;
  needed integer;
begin
  select * into member from meter_order_member m where m.order_id = new.order_id;
  if not found then
    return new;
  end if;
  select approvals into needed from meter_order_rule_as_of((select kind from meter_order o where o.order_id = new.order_id), new.used_at);
  if (select count(*) from meter_order_group_approval a join meter_order_group g using (group_id, group_digest)
       where a.group_id = member.group_id and a.approved_at <= new.used_at) < needed then
    perform refuse(format('group %s of order %s lacks approvals', member.group_id, new.order_id));
  end if;
  if exists (select from meter_order_member m
              where m.group_id = member.group_id and m.ordinal < member.ordinal
                and not exists (select from meter_order_result r where r.order_id = m.order_id and r.verdict = 'verified')) then
    perform refuse(format('order %s waits for the parts of its group before it', new.order_id));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_meter_order()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  longest integer;
begin
  select longest_minutes into longest from meter_order_rule_as_of(new.kind, new.recorded_at);
  if longest is null then
    raise exception 'no rule says who approves orders of kind %', new.kind using errcode = 'check_violation';
  end if;
  if new.expires_at - new.not_before > longest * interval '1 minute' then
    raise exception 'an order of kind % is valid for % minutes at most', new.kind, longest using errcode = 'check_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_meter_order_use()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  used meter_order;
  needed integer;
  given bigint;
begin
  select * into strict used from meter_order o where o.order_id = new.order_id;
  select approvals into needed from meter_order_rule_as_of(used.kind, new.used_at);
  select count(*) into given from meter_order_approval a
   where a.order_id = new.order_id and a.order_digest = used.order_digest and a.approved_at <= new.used_at;
  if needed is null or given < needed then
    perform refuse(format('order %s has %s of %s approvals', new.order_id, given, needed));
  end if;
  if new.used_at < used.not_before or judged_at(new.used_at) >= used.expires_at then
    perform refuse(format('order %s is not valid at %s', new.order_id, new.used_at));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_opening_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if exists (select from opening_batch b
              where b.code = new.code and b.item_count <> (select count(*) from opening_item i where i.batch = b.code)) then
    perform refuse(format('opening batch %s does not have all of its items', new.code));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_opening_item()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if exists (select from appended i join opening_batch b on b.code = i.batch where (b.author, b.recorded_at) <> (i.actor_id, i.recorded_at)) then
    perform refuse('items of an opening batch come with it; another batch takes what was forgotten');
  end if;
  if exists (select from opening_batch b
              where b.code in (select batch from appended)
                and b.item_count < (select count(*) from opening_item i where i.batch = b.code)) then
    perform refuse('an opening batch has more items than it counts');
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.check_opening_posting()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  stray text;
begin
  if not exists (select from ledger_segment where segment_id = new.segment_id and kind = 'opening') then
    return new;
  end if;
  with batch as (
    select f.code from ledger_segment l join opening_batch_in_force f on l.natural_key = 'opening:' || f.code
     where l.segment_id = new.segment_id),
  item as (
    select i.account_id, i.kind, i.due_date, i.bill, i.amount_fen from opening_item_in_force i join batch b on b.code = i.batch
     where i.kind in ('arrear', 'prepaid')),
  leg as (
    select e.account_id, l.number, l.amount_fen
      from journal_entry e cross join unnest(e.ledger_numbers, e.amounts_fen) as l (number, amount_fen) where e.segment_id = new.segment_id)
  select case
    when not exists (select from batch) then 'no batch in force'
    when exists (select account_id, due_date, bill, amount_fen from item where kind = 'arrear'
                 except all select account_id, due_date, old_bill, amount_fen from receivable where segment_id = new.segment_id)
         or (select count(*) from item where kind = 'arrear') <> (select count(*) from receivable where segment_id = new.segment_id)
      then 'other receivables'
    when exists (select account_id, amount_fen from item where kind = 'arrear' except all select account_id, amount_fen from leg where number = 1122)
         or exists (select account_id, -amount_fen from item where kind = 'prepaid' except all select account_id, amount_fen from leg where number = 2203)
         or (select count(*) from item) <> (select count(*) from leg where number <> 3001)
      then 'other entries'
  end into stray;
  if stray is not null then
    raise exception 'segment % is not what its opening batch says: %', new.segment_id, stray using errcode = 'check_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_opening_state()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not exists (select from opening_item_in_force i
                  where (i.batch, i.account_id, i.kind, i.as_of, i.energy_e4) = (new.batch, new.account_id, 'ladder', new.as_of, new.ladder_energy_e4)) then
    perform refuse(format('opening batch %s is not in force, or says otherwise', new.batch));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_opening_totals()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not exists (
    select from opening_batch b
      cross join lateral (
        select count(*) as items,
               coalesce(sum(energy_e4) filter (where kind = 'register'), 0) as register_e4,
               coalesce(sum(energy_e4) filter (where kind = 'ladder'), 0) as ladder_e4,
               coalesce(sum(energy_e4) filter (where kind = 'estimate'), 0) as estimate_e4,
               coalesce(sum(amount_fen) filter (where kind = 'prepaid'), 0) as prepaid_fen,
               coalesce(sum(amount_fen) filter (where kind = 'arrear'), 0) as arrear_fen
          from opening_item i where i.batch = b.code) of_items
     where b.code = new.code
       and (b.item_count, b.register_e4, b.ladder_e4, b.estimate_e4, b.prepaid_fen, b.arrear_fen)
         = (of_items.items, of_items.register_e4, of_items.ladder_e4, of_items.estimate_e4, of_items.prepaid_fen, of_items.arrear_fen)) then
    perform refuse(format('the items of opening batch %s do not come to its control totals', new.code));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_order_still_valid()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if exists (select from meter_order o where o.order_id = new.order_id and o.expires_at <= judged_at(new.approved_at)) then
    perform refuse(format('order %s has expired and can no longer be approved', new.order_id));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_override_seen()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if new.override_code is distinct from (select d.override_code from exception_decision d where d.decision_id = new.decision_id) then
    perform refuse(format('decision %s goes against the rules; who approves it names its override code', new.decision_id));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_relations()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  closed text;
begin
  perform pg_advisory_xact_lock(hashtext('registry'));
  with recursive walk as (
    select a.usage_point_id as origin, a.parent_id as reached, a.effective_from as since,
           coalesce(a.effective_to, 'infinity') as until, array[a.usage_point_id] as path
      from appended a
    union all
    select w.origin, t.parent_id, greatest(w.since, t.effective_from), least(w.until, coalesce(t.effective_to, 'infinity')),
           w.path || t.usage_point_id
      from walk w
      join relation_timeline t on t.usage_point_id = w.reached
       and greatest(w.since, t.effective_from) < least(w.until, coalesce(t.effective_to, 'infinity'))
     where t.usage_point_id <> all(w.path)
       and not exists (select from relation_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision))
  select string_agg(u.code, ' > ' order by p.place) || ' from ' || w.since into closed
    from (select * from walk where reached = origin limit 1) w
    cross join unnest(w.path || w.origin) with ordinality p (usage_point_id, place)
    join usage_point u using (usage_point_id)
   group by w.since;
  if closed is not null then
    raise exception 'usage points are a part of themselves: %', closed using errcode = 'exclusion_violation';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.check_segment_bills(segment bigint, expected_bills integer)
 RETURNS void
 LANGUAGE plpgsql
 SET enable_nestloop TO 'off'
 SET enable_sort TO 'off'
AS $function$
declare
  found record;
  stray text;
begin
  with tariff as materialized (
    select tariff_code, version, coalesce(document ->> 'format' = 'tariff/2', false) as by_components from tariff_version),
  by_tariff as (
    select b.tariff_code, b.tariff_version, count(*) as bills, count(a.account_id) as known, count(*) filter (where b.amount_fen <> 0) as owed,
           count(*) filter (where b.amount_fen <> 0 and r.account_id = b.account_id and r.amount_fen = b.amount_fen) as receivables,
           count(*) filter (where e.account_id = b.account_id) as entries, sum(b.amount_fen) as amount_fen,
           -- An entry has its receivable in front, and only there; of another one the legs are looked through.
           sum(case when e.ledger_numbers[1] = 1122 and array_position(e.ledger_numbers, 1122, 2) is null then e.amounts_fen[1]
                    when e.ordinal is not null then
                      (select sum(fen)::bigint from unnest(e.ledger_numbers, e.amounts_fen) leg (number, fen) where number = 1122)
               end) as receivable_fen
      from bill b
      left join receivable r on r.segment_id = segment and r.ordinal = b.ordinal
      left join journal_entry e on e.segment_id = segment and e.ordinal = b.ordinal
      left join account a on a.account_id = b.account_id
       and a.account_id between (select first_account_id from run_segment where segment_id = segment)
                            and (select last_account_id from run_segment where segment_id = segment)
     where b.segment_id = segment
     group by b.tariff_code, b.tariff_version)
  select coalesce(sum(t.bills), 0) as bills, coalesce(sum(t.known), 0) as known, coalesce(sum(t.owed), 0) as owed,
         coalesce(sum(t.receivables), 0) as receivables, coalesce(sum(t.entries), 0) as entries, coalesce(sum(t.amount_fen), 0) as amount_fen,
         coalesce(sum(t.receivable_fen), 0) as receivable_fen,
         coalesce(bool_and(v.tariff_code is not null), true) as tariffs_known,
         coalesce(sum(t.bills) filter (where v.by_components), 0) as by_components
    into found
    from by_tariff t left join tariff v on (v.tariff_code, v.version) = (t.tariff_code, t.tariff_version);
  select case
    when found.bills <> expected_bills then 'the number of bills'
    when found.known <> found.bills
     and exists (select from bill b where b.segment_id = segment and not exists (select from account a where a.account_id = b.account_id))
      then 'a bill of an unknown account'
    when not found.tariffs_known then 'a bill under an unknown tariff version'
    when found.receivables <> found.owed or (select count(*) from receivable where segment_id = segment) <> found.owed
      then 'a receivable that is not its bill''s'
    when found.amount_fen <> found.receivable_fen then 'what the entries make receivable'
    when (select count(*) from journal_entry where segment_id = segment) <> found.entries then 'an entry of no bill'
    when (select count(*) from component_bill where segment_id = segment) <> found.by_components
         or found.by_components > 0
        and exists (select ordinal from component_bill where segment_id = segment
                    except select ordinal from bill where segment_id = segment
                       and (tariff_code, tariff_version) in (select tariff_code, version from tariff_version where document ->> 'format' = 'tariff/2'))
      then 'lines of components that are not a bill''s'
  end into stray;
  if stray is not null then
    raise exception 'segment % does not hold together: %', segment, stray using errcode = 'check_violation';
  end if;
end $function$
CREATE OR REPLACE FUNCTION public.check_segment_entries()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  segment_kind text;
  entries bigint;
  strange boolean;
  stray text;
begin
  select kind into segment_kind from ledger_segment where segment_id = new.segment_id;
  select coalesce(sum(l.entries), 0), coalesce(bool_or(exists (
           select from unnest(l.ledger_numbers) leg (number) where not exists (select from ledger_account a where a.account_number = number))), false)
    into entries, strange
    from (select ledger_numbers, count(*) as entries from journal_entry where segment_id = new.segment_id group by ledger_numbers) l;
  select case
    when entries <> new.entry_count then 'the number of entries'
    when segment_kind = 'bills' and not exists (select from segment_issue where segment_id = new.segment_id) then 'bills that are not issued'
    when segment_kind <> 'bills'
     and exists (select from journal_entry e where e.segment_id = new.segment_id and e.account_id is not null
                   and not exists (select from account a where a.account_id = e.account_id))
      then 'an entry of an unknown account'
    when strange then 'a leg outside the chart of accounts'
  end into stray;
  if stray is not null then
    raise exception 'segment % does not hold the entries it would post: %', new.segment_id, stray using errcode = 'check_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_segment_issue()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  review segment_review;
begin
  select * into review from segment_review where segment_id = new.segment_id;
  if not found then
    raise exception 'segment % has no review', new.segment_id using errcode = 'check_violation';
  end if;
  if review.reviewed_by = new.issued_by then
    raise exception 'segment % was reviewed by %, who may not issue it', new.segment_id, new.issued_by using errcode = 'check_violation';
  end if;
  if review.digest <> new.digest then
    raise exception 'segment % would issue other bills than were reviewed', new.segment_id using errcode = 'check_violation';
  end if;
  perform check_segment_bills(new.segment_id, new.bill_count);
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_segment_review()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from run_segment s join billing_run_event e using (run_id)
              where s.segment_id = new.segment_id and e.state in ('frozen', 'dry_run') and e.actor_id = new.reviewed_by) then
    raise exception 'segment % was prepared by %, who may not review it', new.segment_id, new.reviewed_by using errcode = 'check_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_standing_order_use()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  in_force standing_order;
  told public.line;
  local_day date;
begin
  select l.* into strict told from line l where l.line_id = new.line_id;
  select (new.used_at at time zone o.time_zone)::date into strict local_day from organisation o where o.organisation_id = told.organisation_id;
  if new.service_date <> local_day then
    perform refuse(format('%s is the line''s day, not %s', local_day, new.service_date));
  end if;
  select s.* into in_force from standing_order s
   where s.code = new.code
     and (select count(*) from standing_order_approval a
           where (a.code, a.version, a.sha256) = (s.code, s.version, s.sha256) and a.approved_at <= new.used_at) >= 2
   order by s.version desc limit 1;
  if in_force.version is distinct from new.version then
    perform refuse(format('standing order %s version %s lacks approvals, or a later version is in force', new.code, new.version));
  end if;
  if not coalesce((in_force.document ->> 'enabled')::boolean, true) then
    perform refuse(format('standing order %s version %s ends the standing order', new.code, new.version));
  end if;
  if local_day < (in_force.document ->> 'validFrom')::date or local_day >= (in_force.document ->> 'validTo')::date then
    perform refuse(format('standing order %s version %s is not valid on %s', new.code, new.version, local_day));
  end if;
  if jsonb_typeof(in_force.document -> 'lines') = 'array' and not in_force.document -> 'lines' ? told.code then
    perform refuse(format('standing order %s version %s is not for line %s', new.code, new.version, told.code));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_standing_table_policy()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  push concentrator_table_push;
begin
  perform require_present(new.approved_at);
  select * into push from concentrator_table_push p where p.push_id = new.push_id;
  if push.cause is distinct from 'meter_exchange'
     or not exists (select from collection_plan_as_of(new.approved_at, new.approved_at) p
                     where p.document -> 'tables' ->> 'exchangesApprovedBy' = 'standing_policy') then
    perform refuse(format('push %s needs the approval of another person', new.push_id));
  end if;
  if push.meters <> desired_meter_table(push.line_id, push.version, new.approved_at) then
    perform refuse(format('the registry has changed since push %s was opened', new.push_id));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_table_push()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if new.cause = 'meter_exchange' then
    perform require_present(new.opened_at);
    if not exists (
      select from meter_exchange e
        join installation_as_of(new.opened_at, new.opened_at) i on i.usage_point_id = e.usage_point_id and i.meter_id = e.new_meter_id
       where i.line_id = new.line_id and e.actor_id = new.actor_id and e.exchanged_at <= new.opened_at and e.recorded_at <= new.opened_at) then
      perform refuse(format('%s recorded no meter exchange on line %s', new.actor_id, new.line_id));
    end if;
  end if;
  if new.meters <> desired_meter_table(new.line_id, new.version, new.opened_at) then
    perform refuse(format('the table of push %s is not the one that the registry asks for', new.push_id));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.check_timeline()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  object_key text := tg_argv[0];
  overlap text;
begin
  execute format(
    'select concat_ws('' '', %1$s, revision) from (
       select %1$s, revision, effective_from, lag(coalesce(effective_to, ''infinity'')) over (partition by %1$s, revision order by effective_from) as previous_to
         from %2$I where (%1$s, revision) in (select %1$s, revision from appended)) segments
      where previous_to > effective_from limit 1', object_key, tg_table_name) into overlap;
  if overlap is not null then
    raise exception 'overlapping segments in % of (%) %', tg_table_name, object_key, overlap using errcode = 'exclusion_violation';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.check_use()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform require_present(new.used_at);
  perform from line_lease l
    where (l.line_id, l.fencing_token) = (new.line_id, new.fencing_token) and l.expires_at > judged_at(new.used_at) for share;
  if not found then
    perform refuse(format('%s does not hold line %s under token %s', new.node, new.line_id, new.fencing_token));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.clock_doubt_as_of(known_at timestamp with time zone, meter_id bigint, at timestamp with time zone)
 RETURNS TABLE(doubted boolean)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(bool_or(checked.class in ('out_of_limit', 'absurd')), false)
    from ((select c.class from clock_check c
            where c.meter_id = clock_doubt_as_of.meter_id and c.recorded_at <= known_at
              and c.checked_at <= at and c.checked_at > at - interval '8 days'
            order by c.checked_at desc limit 1)
          union all
          (select c.class from clock_check c
            where c.meter_id = clock_doubt_as_of.meter_id and c.recorded_at <= known_at
              and c.checked_at > at and c.checked_at <= at + interval '8 days'
            order by c.checked_at limit 1)) checked
$function$
CREATE OR REPLACE FUNCTION public.collection_plan_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF collection_plan
 LANGUAGE sql
 STABLE
AS $function$
  select p.* from collection_plan p join collection_plan_approval a using (revision)
   where a.approved_at <= known_at and p.effective_from <= at
   order by p.revision desc limit 1
$function$
CREATE OR REPLACE FUNCTION public.collection_source(wanted_at timestamp with time zone, received_at timestamp with time zone)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when received_at < wanted_at + interval '24 hours' then 1::smallint else 2::smallint end
$function$
CREATE OR REPLACE FUNCTION public.concentrator_presence(known_at timestamp with time zone, line_id bigint, after_at timestamp with time zone, until_at timestamp with time zone)
 RETURNS TABLE(there boolean)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select exists (
           select from concentrator_contact k
            where k.line_id = concentrator_presence.line_id
              and k.window_start >= after_at - interval '50 hours' and k.window_start < until_at
              and k.contact_at <= least(until_at, known_at)
              and k.contact_at > case when word.evidence = 'announced' then after_at - interval '26 hours'
                                      when not word.online then greatest(after_at, word.observed_at)
                                      else after_at end)
    from (values (1)) one
    left join lateral (
      select s.online, s.evidence, s.observed_at from concentrator_status s
       where s.line_id = concentrator_presence.line_id and s.recorded_at <= known_at and s.observed_at <= until_at
       order by s.observed_at desc, s.online, s.evidence limit 1) word on true
$function$
CREATE OR REPLACE FUNCTION public.concentrator_state_as_of(known_at timestamp with time zone)
 RETURNS SETOF concentrator_status
 LANGUAGE sql
 STABLE
AS $function$
  select distinct on (line_id) * from concentrator_status
   where recorded_at <= known_at order by line_id, observed_at desc, online, evidence
$function$
CREATE OR REPLACE FUNCTION public.concentrator_table_state(known_at timestamp with time zone, at timestamp with time zone, line_id bigint, meter_id bigint)
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case
           when has.own_places > 1 or has.own_places = 1 and has.others > 0 then 'duplicate'
           when has.own_places is null and has.others > 0 then 'unknown_to_registry'
           when has.own_places is null and own.said then 'missing_in_concentrator'
         end
    from (select max(e.places) filter (where e.line_id = concentrator_table_state.line_id) as own_places,
                 count(*) filter (where e.line_id <> concentrator_table_state.line_id) as others
            from meter m
            join concentrator_table_entry e on e.address = m.communication_address
           where m.meter_id = concentrator_table_state.meter_id
             and (e.reported_at, e.basis) = (
               select r.reported_at, r.basis from concentrator_table_report r
                where r.line_id = e.line_id and r.reported_at <= at and r.recorded_at <= known_at
                order by r.reported_at desc, r.basis limit 1)) has
   cross join (select exists (select from concentrator_table_report r
                               where r.line_id = concentrator_table_state.line_id and r.reported_at <= at and r.recorded_at <= known_at) as said) own
$function$
CREATE OR REPLACE FUNCTION public.contact_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF contact_timeline
 LANGUAGE sql
 STABLE
AS $function$
  select t.* from contact_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from contact_timeline n where n.account_id = t.account_id and n.channel = t.channel and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.crew_area_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF crew_area_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from crew_area_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from crew_area_timeline n where n.transformer_area_id = t.transformer_area_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.crew_member_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF crew_member_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from crew_member_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from crew_member_timeline n
                      where (n.crew_id, n.person) = (t.crew_id, t.person) and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.database_tier()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when not exists (select from pg_extension where extname = 'timescaledb') then 'plain'
    when current_setting('timescaledb.license', true) = 'timescale' then 'timescale_full'
    else 'timescale_apache'
  end
$function$
CREATE OR REPLACE FUNCTION public.describe_meter()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  update meter
     set protocol = new.protocol, communication_address = new.communication_address, model = new.model,
         register_digits = new.register_digits, register_decimals = new.register_decimals
   where meter_id = new.meter_id
     and (protocol, communication_address, model, register_digits, register_decimals)
       = (new.was_protocol, new.was_communication_address, new.was_model, new.was_register_digits, new.was_register_decimals);
  if not found then
    raise exception 'meter % is described otherwise than this correction says', new.meter_id using errcode = 'check_violation';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.desired_meter_table(line bigint, before_version bigint, at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  known jsonb := coalesce(
    (select p.meters from concentrator_table_push p where p.line_id = line and p.version < before_version order by p.version desc limit 1),
    (select r.meters from concentrator_table_report r where r.line_id = line and r.recorded_at <= at order by r.reported_at desc, r.basis limit 1),
    '[]');
  wanted text[] := (
    select coalesce(array_agg(address order by first_meter), '{}')
      from (select m.communication_address as address, min(m.meter_id) as first_meter
              from installation_as_of(at, at) i join meter m using (meter_id) where i.line_id = line group by 1) w);
  addresses text[] := '{}';
  points integer[] := '{}';
  entry record;
  each_address text;
  free_point integer := 1;
begin
  for entry in
    select e.value ->> 'address' as address, (e.value ->> 'terminalPoint')::integer as point
      from jsonb_array_elements(known) with ordinality e (value, place) order by e.place
  loop
    if entry.address = any(wanted) and entry.address <> all(addresses) and entry.point <> all(points) then
      addresses := addresses || entry.address;
      points := points || entry.point;
    end if;
  end loop;
  foreach each_address in array wanted loop
    if each_address <> all(addresses) then
      while free_point = any(points) loop
        free_point := free_point + 1;
      end loop;
      addresses := addresses || each_address;
      points := points || free_point;
    end if;
  end loop;
  return (select coalesce(jsonb_agg(jsonb_build_object('terminalPoint', point, 'address', address) order by point), '[]')
            from unnest(addresses, points) t (address, point));
end $function$
CREATE OR REPLACE FUNCTION public.due_excuse(known_at timestamp with time zone, meter_id bigint, usage_point_id bigint, line_id bigint, read_at timestamp with time zone)
 RETURNS TABLE(excuse text)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case
    when not exists (
      select from installation_timeline t
       where t.usage_point_id = due_excuse.usage_point_id and t.meter_id = due_excuse.meter_id and t.recorded_at <= known_at
         and t.effective_from <= due_excuse.read_at and (t.effective_to is null or t.effective_to >= due_excuse.read_at)
         and not exists (select from installation_timeline n
                          where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)) then 'meter_removed'
    when exists (
      select from suspension_timeline t
       where t.usage_point_id = due_excuse.usage_point_id and t.recorded_at <= known_at
         and t.effective_from < due_excuse.read_at and (t.effective_to is null or t.effective_to > due_excuse.read_at)
         and not exists (select from suspension_timeline n
                          where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)) then 'supply_suspended'
    when exists (
      select from planned_outage o join usage_point u on u.usage_point_id = due_excuse.usage_point_id
       where o.recorded_at <= least(known_at, o.starts_at) and o.starts_at <= due_excuse.read_at and o.ends_at > due_excuse.read_at
         and (o.line_id = due_excuse.line_id or o.transformer_area_id = u.transformer_area_id)) then 'planned_outage'
    when exists (
      select from due_exemption g join due_exemption_approval p using (exemption_id)
       where g.meter_id = due_excuse.meter_id and g.from_at <= due_excuse.read_at and g.to_at > due_excuse.read_at
         and p.recorded_at <= known_at) then 'granted'
  end
$function$
CREATE OR REPLACE FUNCTION public.due_point_state(known_at timestamp with time zone, meter_id bigint, template text, usage_point_id bigint, line_id bigint, read_at timestamp with time zone, is_claimed boolean)
 RETURNS TABLE(state text, excuse text)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case
           when d.standing = 'held' and (x.excuse is null or (is_claimed and x.excuse <> 'meter_removed')) then 'held'
           when d.standing <> 'held' then d.standing
           when d.standing is null and is_claimed then 'read'
           when x.excuse is not null then 'exempt'
           else 'open'
         end,
         x.excuse
    from (select (select case when v.verdict <> 'accepted' then v.verdict when v.source = 7 then 'corrected' end
                    from validation_decision v
                   where due_point_state.template in ('daily_freeze', 'noted_registers') and v.meter_id = due_point_state.meter_id
                     and v.quantity = 1 and v.read_at = due_point_state.read_at and v.recorded_at <= known_at
                   order by v.revision desc limit 1) as standing
          offset 0) d
    -- A case, so that what has a value is not asked for its excuse; an offset, so that both columns share the answer.
   cross join lateral (
     select case when not is_claimed or d.standing = 'held'
                 then (select e.excuse from due_excuse(known_at, due_point_state.meter_id, due_point_state.usage_point_id,
                                                       due_point_state.line_id, due_point_state.read_at) e) end as excuse
     offset 0) x
$function$
CREATE OR REPLACE FUNCTION public.due_point_void(known_at timestamp with time zone, after_at timestamp with time zone, through_at timestamp with time zone)
 RETURNS TABLE(meter_id bigint, template text, read_at timestamp with time zone)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  with revised as materialized (
    select distinct t.usage_point_id from installation_timeline t where t.revision > 1 and t.recorded_at <= known_at),
  hung as materialized (
    select t.usage_point_id, t.meter_id, t.effective_from, t.effective_to,
           t.revision = max(t.revision) over (partition by t.usage_point_id) as is_last
      from revised r join installation_timeline t on t.usage_point_id = r.usage_point_id
     where t.recorded_at <= known_at),
  came as materialized (
    -- That nothing was ever there is said by a stretch in the first millisecond of time.
    select h.usage_point_id, h.meter_id,
           coalesce(min(h.effective_from) filter (where h.is_last and (h.effective_to is null or h.effective_to > timestamptz 'epoch' + interval '1 millisecond')),
                    'infinity') as came_at
      from hung h group by h.usage_point_id, h.meter_id)
  select d.meter_id, d.template, d.read_at
    from came c
    join due_read d on d.meter_id = c.meter_id and d.usage_point_id = c.usage_point_id
   where c.came_at > after_at and d.read_at > after_at and d.read_at <= through_at and d.read_at < c.came_at
  union
  select d.meter_id, d.template, d.read_at
    from meter_exchange_withdrawal w
    join came c on c.usage_point_id = w.usage_point_id
    join due_read d on d.meter_id = c.meter_id and d.usage_point_id = c.usage_point_id and d.read_at = w.exchanged_at
   where w.recorded_at <= known_at and w.exchanged_at > after_at and w.exchanged_at <= through_at
     and d.template = 'noted_registers' and d.read_at > after_at and d.read_at <= through_at
     and not exists (select from meter_exchange e
                      where (e.usage_point_id, e.exchanged_at) = (w.usage_point_id, w.exchanged_at) and e.recorded_at <= known_at
                        and not exists (select from meter_exchange_withdrawal o
                                         where (o.usage_point_id, o.exchanged_at, o.revision) = (e.usage_point_id, e.exchanged_at, e.revision)
                                           and o.recorded_at <= known_at))
     and not exists (select from due_purpose p
                      where (p.meter_id, p.template, p.read_at) = (d.meter_id, d.template, d.read_at) and p.purpose <> 'exchange')
$function$
CREATE OR REPLACE FUNCTION public.ensure_time_partitions(from_at timestamp with time zone, to_at timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  series record;
  starts timestamptz;
  partition_name text;
  made integer := 0;
begin
  if database_tier() <> 'plain' then
    return 0;
  end if;
  for series in select ts.table_name from time_series ts order by ts.table_name loop
    starts := time_partition_start(from_at);
    while starts < to_at loop
      partition_name := series.table_name || '_' || to_char(starts at time zone 'UTC', 'YYYYMMDD');
      if to_regclass(quote_ident(partition_name)) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)',
          partition_name, series.table_name, starts, starts + interval '7 days');
        made := made + 1;
      end if;
      starts := starts + interval '7 days';
    end loop;
  end loop;
  return made;
end $function$
CREATE OR REPLACE FUNCTION public.entry_is_balanced(account_numbers integer[], amounts_fen bigint[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when cardinality(amounts_fen) between 2 and 6 and cardinality(account_numbers) = cardinality(amounts_fen)
     and array_ndims(amounts_fen) = 1 and array_ndims(account_numbers) = 1 and array_lower(amounts_fen, 1) = 1
     and least(amounts_fen[1], amounts_fen[2], amounts_fen[3], amounts_fen[4], amounts_fen[5], amounts_fen[6]) > -1000000000000000000
     and greatest(amounts_fen[1], amounts_fen[2], amounts_fen[3], amounts_fen[4], amounts_fen[5], amounts_fen[6]) < 1000000000000000000
     and amounts_fen[1] + amounts_fen[2] + coalesce(amounts_fen[3], 0) + coalesce(amounts_fen[4], 0) + coalesce(amounts_fen[5], 0)
         + coalesce(amounts_fen[6], 0) = 0
     and array_position(amounts_fen, 0) is null and array_position(amounts_fen, null) is null
     and array_position(account_numbers, null) is null
    then true
    else entry_legs_balance(account_numbers, amounts_fen)
  end
$function$
CREATE OR REPLACE FUNCTION public.entry_legs_balance(account_numbers integer[], amounts_fen bigint[])
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
declare
  legs integer := cardinality(amounts_fen);
  total numeric := 0;
  amount bigint;
begin
  if account_numbers is null or amounts_fen is null
     or array_ndims(account_numbers) is distinct from 1 or array_ndims(amounts_fen) is distinct from 1
     or cardinality(account_numbers) <> legs or legs not between 2 and 16
     or array_position(account_numbers, null) is not null then
    return false;
  end if;
  foreach amount in array amounts_fen loop
    if amount is null or amount = 0 then
      return false;
    end if;
    total := total + amount;
  end loop;
  return total = 0;
end $function$
CREATE OR REPLACE FUNCTION public.epoch_ms(at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (extract(epoch from at) * 1000)::bigint
$function$
CREATE OR REPLACE FUNCTION public.estimation_policy_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF estimation_policy
 LANGUAGE sql
 STABLE
AS $function$
  select p.* from estimation_policy p join estimation_policy_approval a using (revision)
   where a.approved_at <= known_at and p.effective_from <= at
   order by p.revision desc limit 1
$function$
CREATE OR REPLACE FUNCTION public.exception_cut_off(named exception)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select (date_trunc('month', (at.instant - interval '1 millisecond') at time zone zone.name) + interval '1 month') at time zone zone.name
         + interval '120 hours'
    from (select coalesce(named.read_at, named.period_end, named.period_start)) at (instant)
   cross join lateral (
     select coalesce((select o.time_zone from usage_point u join organisation o using (organisation_id) where u.usage_point_id = named.usage_point_id),
                     (select o.time_zone from transformer_area a join organisation o using (organisation_id)
                       where a.transformer_area_id = named.transformer_area_id), 'UTC')) zone (name)
$function$
CREATE OR REPLACE FUNCTION public.exception_item_effect(known_at timestamp with time zone, item exception_decision_item)
 RETURNS TABLE(effect_e4 bigint, effect_fen bigint)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  named exception;
  at timestamptz;
  of_account bigint;
  expected bigint;
  price numeric;
begin
  select * into strict named from exception x where x.exception_key = item.exception_key;
  at := coalesce(named.read_at, named.period_start, known_at);
  of_account := coalesce(named.account_id, (
    select t.account_id from agreement_timeline t
     where t.usage_point_id = named.usage_point_id and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
       and t.revision = (select max(n.revision) from agreement_timeline n where n.account_id = t.account_id)
     order by t.account_id limit 1));
  select r.expected_energy_e4, r.price_e8 into expected, price from money_at_risk r
   where r.account_id = of_account order by r.period_start desc, r.revision desc limit 1;
  if item.total_e4 is not null then
    select abs(item.total_e4 - v.total_e4) * coalesce((
             select m.ct_ratio::bigint * m.pt_ratio from multiplier_timeline m
              where m.usage_point_id = named.usage_point_id and m.effective_from <= at and (m.effective_to is null or m.effective_to > at)
              order by m.revision desc limit 1), 1)
      into effect_e4
      from validation_decision v
     where v.meter_id = named.meter_id and v.quantity = named.quantity and v.read_at < named.read_at and v.verdict <> 'held'
       and not exists (select from validation_decision n
                        where (n.meter_id, n.quantity, n.read_at) = (v.meter_id, v.quantity, v.read_at) and n.revision > v.revision)
     order by v.read_at desc limit 1;
  elsif item.action = 'accept' and named.kind = 'determinant_hold' then
    effect_e4 := expected;
  else
    effect_e4 := 0;
  end if;
  price := coalesce(price, (select (p.document ->> 'defaultPriceYuan')::numeric * 100000000 from exception_policy_as_of(known_at) p));
  effect_fen := effect_e4 * price / 10000000000;
  return next;
end $function$
CREATE OR REPLACE FUNCTION public.exception_policy_as_of(known_at timestamp with time zone)
 RETURNS SETOF exception_policy
 LANGUAGE sql
 STABLE
AS $function$
  select p.* from exception_policy p
   where p.recorded_at <= known_at and p.effective_from <= known_at
     and (p.author is null or exists (select from exception_policy_approval a where a.revision = p.revision and a.approved_at <= known_at))
   order by p.revision desc limit 1
$function$
CREATE OR REPLACE FUNCTION public.field_event_as_of(known_at timestamp with time zone)
 RETURNS SETOF field_event
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select e.* from field_event e
   where e.recorded_at <= known_at
     and not exists (select from field_event_withdrawal w
                      where (w.meter_id, w.occurred_at, w.event, w.revision) = (e.meter_id, e.occurred_at, e.event, e.revision)
                        and w.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.flow_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF flow_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from flow_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from flow_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.frame_address(bytes bytea)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select string_agg(lpad(to_hex(get_byte(bytes, start + n)), 2, '0'), '' order by n desc)
    from (select position('\x68'::bytea in bytes) - 1 as start) s, generate_series(1, 6) n
   where start >= 0 and start + 6 < length(bytes)
$function$
CREATE OR REPLACE FUNCTION public.holds_approval_right(actor text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select exists (select from approval_right_in_force r where r.actor_id = actor and r.granted)
$function$
CREATE OR REPLACE FUNCTION public.installation_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF installation_timeline
 LANGUAGE sql
 STABLE
AS $function$
  select t.* from installation_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from installation_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.is_ladder_year_end(local_date date, reading_day integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select is_reading_day(local_date, reading_day)
     and extract(month from local_date) = case when reading_day = 1 then 1 else 12 end
$function$
CREATE OR REPLACE FUNCTION public.is_reading_day(local_date date, reading_day integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select extract(day from local_date) = reading_day
      or (extract(day from local_date) < reading_day and extract(day from local_date + 1) = 1)
$function$
CREATE OR REPLACE FUNCTION public.judged_at(acted_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case when (select tolerance from acting_time_rule order by revision desc limit 1) is null then acted_at
              else greatest(acted_at, clock_timestamp()) end
$function$
CREATE OR REPLACE FUNCTION public.late_installation(known_after timestamp with time zone, known_at timestamp with time zone, hung_after timestamp with time zone)
 RETURNS TABLE(usage_point_id bigint, meter_id bigint, line_id bigint, effective_from timestamp with time zone, effective_to timestamp with time zone, wanted_from timestamp with time zone)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.usage_point_id, t.meter_id, t.line_id, t.effective_from, t.effective_to,
         case when t.effective_from > hung_after then t.effective_from
              else (select min(f.recorded_at) from installation_timeline f where f.usage_point_id = t.usage_point_id) end
    from installation_timeline t
   where t.usage_point_id in (select n.usage_point_id from installation_timeline n where n.recorded_at > known_after and n.recorded_at <= known_at)
     and t.recorded_at <= known_at
     and not exists (select from installation_timeline n
                      where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.live_tolerance()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select interval '15 minutes' $function$
CREATE OR REPLACE FUNCTION public.lock_due_points()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('due points', 0));
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.lock_what_bills_rest_on()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('what bills rest on', 0));
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.meter_as_of(known_at timestamp with time zone)
 RETURNS SETOF meter
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select m.meter_id, m.code, coalesce(d.was_protocol, m.protocol), coalesce(d.was_communication_address, m.communication_address),
         coalesce(d.was_model, m.model), coalesce(d.was_register_digits, m.register_digits), coalesce(d.was_register_decimals, m.register_decimals)
    from meter m
    left join (select distinct on (meter_id) * from meter_description where recorded_at > known_at order by meter_id, revision) d using (meter_id)
$function$
CREATE OR REPLACE FUNCTION public.meter_misaddressed_as_of(known_at timestamp with time zone)
 RETURNS TABLE(meter_id bigint, told_from timestamp with time zone, told_until timestamp with time zone)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  with said as materialized (select * from meter_description where recorded_at <= known_at)
  select d.meter_id, d.told_from, d.told_until
    from (select s.meter_id, s.was_protocol, s.was_communication_address, s.recorded_at as told_until,
                 lag(s.recorded_at, 1, '-infinity') over (partition by s.meter_id order by s.revision) as told_from
            from said s) d
    join (select distinct on (s.meter_id) s.meter_id, s.protocol, s.communication_address from said s order by s.meter_id, s.revision desc) n
      on n.meter_id = d.meter_id
   where (d.was_protocol, d.was_communication_address) <> (n.protocol, n.communication_address)
$function$
CREATE OR REPLACE FUNCTION public.meter_order_rule_as_of(order_kind text, known_at timestamp with time zone)
 RETURNS SETOF meter_order_rule
 LANGUAGE sql
 STABLE
AS $function$
  select r.* from meter_order_rule r
   where r.kind = order_kind and r.recorded_at <= known_at
     and (r.actor_id is null
          or exists (select from meter_order_rule_approval a where (a.kind, a.revision) = (r.kind, r.revision) and a.approved_at <= known_at))
   order by r.revision desc limit 1
$function$
CREATE OR REPLACE FUNCTION public.multiplier_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF multiplier_timeline
 LANGUAGE sql
 STABLE
AS $function$
  select t.* from multiplier_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from multiplier_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.number_field_event()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  new.revision := 1 + (select count(*) from field_event_withdrawal w
                        where (w.meter_id, w.occurred_at, w.event) = (new.meter_id, new.occurred_at, new.event));
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.number_manual_reading()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  new.noted_for := coalesce(new.noted_for, '');
  new.revision := 1 + (select count(*) from manual_reading_withdrawal w
                        where (w.meter_id, w.quantity, w.read_at, w.source, w.noted_for) = (new.meter_id, new.quantity, new.read_at, new.source, new.noted_for));
  -- A claim is known by when it was recorded: papers of one display and one moment are a microsecond apart.
  if new.noted_for <> '' then
    new.recorded_at := new.recorded_at + interval '1 microsecond' *
      (select count(*) from manual_reading m
        where (m.meter_id, m.quantity, m.read_at, m.source) = (new.meter_id, new.quantity, new.read_at, new.source)
          and date_trunc('milliseconds', m.recorded_at) = new.recorded_at and m.noted_for <> new.noted_for);
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.number_meter_exchange()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  new.revision := 1 + (select count(*) from meter_exchange_withdrawal w where (w.usage_point_id, w.exchanged_at) = (new.usage_point_id, new.exchanged_at));
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.opening_contradictions(of_batch text)
 RETURNS TABLE(account_id bigint, kind text, named text, said text, other_batch text, other_said text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with met as materialized (
    select m as mine, o as other, b.as_of, f.as_of as other_as_of
      from opening_batch b
      join opening_item m on m.batch = b.code
      join opening_batch_in_force f on f.code <> b.code
      join opening_item o on o.batch = f.code and o.account_id = m.account_id
     where b.code = of_batch)
  select (mine).account_id, (mine).kind,
         coalesce((select code from meter where meter_id = (mine).meter_id), (mine).month, (mine).bill, ''),
         opening_said(mine), (other).batch, opening_said(other)
    from met
   where (mine).kind = (other).kind
     and case (mine).kind when 'register' then (mine).meter_id = (other).meter_id
                          when 'demand' then (mine).month = (other).month
                          when 'arrear' then (mine).bill = (other).bill
                          when 'estimate' then (mine).from_day < (other).to_day and (other).from_day < (mine).to_day
                          else true end
  union all
  -- Registers, ladders and estimates of one account begin together.
  select distinct (mine).account_id, 'as_of', '', to_char(as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), (other).batch,
         to_char(other_as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    from met
   where as_of <> other_as_of and (mine).kind in ('register', 'ladder', 'estimate') and (other).kind in ('register', 'ladder', 'estimate')
$function$
CREATE OR REPLACE FUNCTION public.opening_said(item opening_item)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case item.kind
    when 'register' then concat_ws(' / ', trim_scale(item.energy_e4 / 1e4), trim_scale(item.tou1_e4 / 1e4), trim_scale(item.tou2_e4 / 1e4),
                                   trim_scale(item.tou3_e4 / 1e4), trim_scale(item.tou4_e4 / 1e4)) || ' kWh'
    when 'ladder' then format('%s kWh, %s months', trim_scale(item.energy_e4 / 1e4), item.ladder_months)
    when 'demand' then format('%s kW', trim_scale(item.demand_kw_e4 / 1e4))
    when 'estimate' then format('%s kWh, %s to %s', trim_scale(item.energy_e4 / 1e4), item.from_day, item.to_day)
    when 'prepaid' then round(item.amount_fen / 1e2, 2)::text
    else format('%s, due %s', round(item.amount_fen / 1e2, 2), item.due_date)
  end
$function$
CREATE OR REPLACE FUNCTION public.project_table_report()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into concentrator_table_entry
  select e.address, new.line_id, new.reported_at, new.basis, e.places from table_entries(new.meters) e;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.reading_day_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF reading_day_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from reading_day_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from reading_day_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.refuse(message text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  raise exception '%', message using errcode = 'SW403';
end $function$
CREATE OR REPLACE FUNCTION public.refuse_closed_decision()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if exists (select from exception_decision where decision_id in (select decision_id from appended)) then
    perform refuse('a decision that is closed takes no further exceptions');
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_closed_segment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  first_id bigint;
  last_id bigint;
begin
  select min(segment_id), max(segment_id) into first_id, last_id from appended;
  if exists (select from (select segment_id from segment_issue union all select segment_id from segment_posting) closed
              where segment_id between first_id and last_id
                and (first_id = last_id or segment_id in (select segment_id from appended))) then
    raise exception 'a closed segment takes no further rows of %', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_closed_set()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  first_id bigint;
  last_id bigint;
begin
  select min(set_id), max(set_id) into first_id, last_id from appended;
  if exists (select from determinant_set where set_id between first_id and last_id
                and (first_id = last_id or set_id in (select set_id from appended))) then
    raise exception 'a determinant set that is closed takes no further rows of %', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_contradicting_opening()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  contradictions bigint;
begin
  -- Of two that contradict each other, the one that comes second sees the first in force.
  perform pg_advisory_xact_lock(hashtextextended('opening batches', 0));
  select count(*) into contradictions from opening_contradictions(new.code);
  if contradictions > 0 then
    perform refuse(format('opening batch %s contradicts what is in force: %s items', new.code, contradictions));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_late_withdrawal()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if (select coalesce(withdraws, 1) from registry_correction where correction_id = new.correction_id) > 0 then
    perform refuse(format('correction %s withdraws a change, which takes a second person', new.correction_id));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_opening_to_come()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if exists (select from opening_batch b where b.code = new.code and b.as_of > new.approved_at + interval '1 day') then
    perform refuse(format('opening batch %s begins at an instant that is still to come', new.code));
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_over_allocation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from (select distinct receivable_segment_id, receivable_ordinal from appended) touched
               join receivable r on (r.segment_id, r.ordinal) = (touched.receivable_segment_id, touched.receivable_ordinal)
              where r.amount_fen < (select sum(a.amount_fen) from payment_allocation a
                where (a.receivable_segment_id, a.receivable_ordinal) = (r.segment_id, r.ordinal))) then
    raise exception 'a receivable would be cleared by more than it amounts to' using errcode = 'check_violation';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_uncovered()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  says registry_correction;
  approved timestamptz;
  covered boolean;
begin
  select * into says from registry_correction where correction_id = new.correction_id;
  select approved_at into approved from registry_correction_approval where correction_id = new.correction_id;
  case tg_table_name
    when 'meter_description' then
      covered := says.kind = 'meter' and says.meter_id = new.meter_id and says.withdraws = new.revision - 1
        and (coalesce(says.document #>> '{instead,protocol}', new.was_protocol),
             coalesce(says.document #>> '{instead,communicationAddress}', new.was_communication_address),
             coalesce(says.document #>> '{instead,model}', new.was_model),
             coalesce((says.document #>> '{instead,registerDigits}')::smallint, new.was_register_digits),
             coalesce((says.document #>> '{instead,registerDecimals}')::smallint, new.was_register_decimals))
          = (new.protocol, new.communication_address, new.model, new.register_digits, new.register_decimals);
    when 'meter_exchange_withdrawal' then
      covered := says.kind = 'meter_exchange' and says.usage_point_id = new.usage_point_id
        and says.at = new.exchanged_at and says.withdraws = new.revision;
    when 'field_event_withdrawal' then
      covered := says.kind = 'field_event' and says.meter_id = new.meter_id
        and (says.at, says.event) = (new.occurred_at, new.event) and says.withdraws = new.revision;
    when 'manual_reading_withdrawal' then
      -- Notes of before they said which change they came with are known by a meter that hung there. What was noted since is another note.
      covered := says.kind in ('meter_exchange', 'meter_removal', 'installation', 'multiplier') and says.at = new.read_at
        and new.noted_for in ('', says.kind || ' ' || says.usage_point_id)
        and exists (select from installation_timeline i where (i.usage_point_id, i.meter_id) = (says.usage_point_id, new.meter_id))
        and exists (select from manual_reading m
                     where (m.meter_id, m.quantity, m.read_at, m.source, m.revision, m.noted_for, m.recorded_at)
                         = (new.meter_id, new.quantity, new.read_at, new.source, new.revision, new.noted_for, new.noted_at)
                       and m.source = 6 and m.recorded_at < approved);
  end case;
  if covered is not true then
    perform refuse(format('correction %s does not say what %s is to hold', new.correction_id, tg_table_name));
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.relation_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF relation_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from relation_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from relation_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.require_own_session(actor text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  bound text := (select login_name from approval_right_in_force r where r.actor_id = actor);
begin
  if bound is not null and bound <> session_user then
    perform refuse(format('%s acts through a database login of their own, not through %s', actor, session_user));
  end if;
end $function$
CREATE OR REPLACE FUNCTION public.require_present(acted_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  most interval := (select tolerance from acting_time_rule order by revision desc limit 1);
begin
  -- Of two infinite ages none is measured: `between` alone would let 'infinity' fail with another error.
  if most is not null and (not isfinite(acted_at) or acted_at not between clock_timestamp() - most and clock_timestamp() + most) then
    perform refuse(format('the act is said to be of %s, and the server''s clock says %s: more than %s apart', acted_at, clock_timestamp(), most));
  end if;
end $function$
CREATE OR REPLACE FUNCTION public.served_otherwise(after_at timestamp with time zone, through_at timestamp with time zone)
 RETURNS TABLE(meter_id bigint, template text, read_at timestamp with time zone, source smallint, served_at timestamp with time zone, told_at timestamp with time zone, withdrawn_at timestamp with time zone)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select d.meter_id, d.template, d.read_at, r.source, r.recorded_at, coalesce(r.frame_received_at, r.recorded_at), null::timestamptz
    from due_read d join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.source = 4
     and r.read_at > d.read_at and r.read_at <= d.read_at + live_tolerance()
   where d.template = 'daily_freeze' and d.read_at > after_at and d.read_at <= through_at
     and r.read_at > after_at and r.read_at <= through_at + live_tolerance()
  union all
  select m.meter_id, t.template, m.read_at, m.source, m.recorded_at, m.recorded_at,
         (select w.recorded_at from manual_reading_withdrawal w
           where (w.meter_id, w.quantity, w.read_at, w.source, w.revision, w.noted_for)
               = (m.meter_id, m.quantity, m.read_at, m.source, m.revision, m.noted_for))
    from manual_reading m cross join (values ('daily_freeze'), ('noted_registers')) t (template)
   where m.quantity = 1 and m.read_at > after_at and m.read_at <= through_at
  union all
  select meter_id, 'monthly_set', settled_at, collection_source(settled_at, frame_received_at), recorded_at, frame_received_at, null
    from settlement_reading where quantity = 1 and settled_at > after_at and settled_at <= through_at
  union all
  select d.meter_id, d.template, d.read_at, r.source, greatest(r.recorded_at, min(s.recorded_at)),
         coalesce(r.frame_received_at, r.recorded_at), null
    from due_read d
    join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at
    join settlement_reading s on s.meter_id = d.meter_id and s.quantity = 1 and s.settled_at <> d.read_at
     and s.settled_at > d.read_at - interval '32 days' and s.settled_at < d.read_at + interval '32 days'
     and s.frame_received_at >= d.read_at
   where d.template = 'monthly_set' and d.read_at > after_at and d.read_at <= through_at
     and r.read_at > after_at and r.read_at <= through_at
   group by d.meter_id, d.template, d.read_at, r.source, r.recorded_at, r.frame_received_at
  union all
  select d.meter_id, d.template, d.read_at, collection_source(d.read_at, day.received_at), day.served_at, day.received_at, null
    from due_read d
   cross join lateral (
     select max(slot.recorded_at) as served_at, max(slot.received_at) as received_at, sum(slot.length) as covered
       from (select min(p.recorded_at) as recorded_at, min(p.frame_received_at) as received_at, max(p.slot_end - p.slot_start) as length
               from interval_piece p
              where p.meter_id = d.meter_id and p.curve = 4
                and p.slot_start >= d.read_at - interval '24 hours' and p.slot_start < d.read_at
              group by p.slot_start) slot) day
   where d.template = 'curve_day' and d.read_at > after_at and d.read_at <= through_at and day.covered = interval '24 hours'
$function$
CREATE OR REPLACE FUNCTION public.suspension_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF suspension_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from suspension_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from suspension_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.table_entries(meters jsonb)
 RETURNS TABLE(address text, places integer)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select entry ->> 'address', count(*)::integer from jsonb_array_elements(meters) entry group by 1
$function$
CREATE OR REPLACE FUNCTION public.take_opening_ladders()
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with taken as (
    insert into opening_state (account_id, as_of, ladder_energy_e4, document, recorded_at, actor_id, batch)
    select i.account_id, i.as_of, i.energy_e4, b.document, i.in_force_at, b.author, b.code
      from opening_item_in_force i join opening_batch b on b.code = i.batch
     where i.kind = 'ladder'
     order by i.account_id
    on conflict (account_id) do nothing
    returning 1)
  select count(*) from taken
$function$
CREATE OR REPLACE FUNCTION public.time_partition_start(at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select to_timestamp(floor(extract(epoch from at) / 604800) * 604800)
$function$
CREATE OR REPLACE FUNCTION public.tou_tables_seen(meter_ids bigint[], known_at timestamp with time zone)
 RETURNS TABLE(meter_id bigint, tables_digest bytea, zone_table smallint, day_table_set smallint, zone_switch_at timestamp with time zone, day_switch_at timestamp with time zone, first_seen_at timestamp with time zone, last_seen_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select i.meter_id, i.tables_digest, i.zone_table, i.day_table_set, i.zone_switch_at, i.day_switch_at, min(i.read_at), max(i.read_at)
    from (select r.*, count(*) filter (where r.is_new) over (partition by r.meter_id order by r.read_at) as island
            from (select t.*,
                         (t.tables_digest, t.zone_table, t.day_table_set, t.zone_switch_at, t.day_switch_at) is distinct from
                           (lag(t.tables_digest) over w, lag(t.zone_table) over w, lag(t.day_table_set) over w,
                            lag(t.zone_switch_at) over w, lag(t.day_switch_at) over w) as is_new
                    from tou_reading t where t.meter_id = any(meter_ids) and t.recorded_at <= known_at
                  window w as (partition by t.meter_id order by t.read_at)) r) i
   group by i.meter_id, i.island, i.tables_digest, i.zone_table, i.day_table_set, i.zone_switch_at, i.day_switch_at
$function$
CREATE OR REPLACE FUNCTION public.transformer_as_of(known_at timestamp with time zone, at timestamp with time zone)
 RETURNS SETOF transformer_timeline
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.* from transformer_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from transformer_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$function$
CREATE OR REPLACE FUNCTION public.void_night_tallies()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  void record;
begin
  for void in
    delete from night_tally t
     using (select read_at, min(recorded_at) as recorded_at from appended group by read_at) a
     where t.read_at = a.read_at and t.tallied_at >= a.recorded_at
    returning t.read_at, t.tallied_at
  loop
    delete from night_tally_cell c where c.read_at = void.read_at and c.tallied_at = void.tallied_at;
    delete from night_tally_rest r where r.read_at = void.read_at and r.tallied_at = void.tallied_at;
  end loop;
  return null;
end $function$
CREATE OR REPLACE PROCEDURE public.create_time_series(IN table_name text, IN time_column text, IN columns text)
 LANGUAGE plpgsql
AS $procedure$
begin
  if database_tier() = 'plain' then
    execute format('create table %I (%s) partition by range (%I)', table_name, columns, time_column);
  else
    execute format('create table %I (%s)', table_name, columns);
    perform create_hypertable(table_name::regclass, by_range(time_column::name, interval '7 days', null), create_default_indexes => false);
  end if;
  insert into time_series values (table_name, time_column);
end $procedure$

-- Triggers

CREATE CONSTRAINT TRIGGER covered AFTER INSERT ON public.field_event_withdrawal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_uncovered()
CREATE CONSTRAINT TRIGGER covered AFTER INSERT ON public.manual_reading_withdrawal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_uncovered()
CREATE CONSTRAINT TRIGGER covered AFTER INSERT ON public.meter_description DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_uncovered()
CREATE CONSTRAINT TRIGGER covered AFTER INSERT ON public.meter_exchange_withdrawal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_uncovered()
CREATE TRIGGER acts_now BEFORE INSERT ON public.account_terms FOR EACH ROW EXECUTE FUNCTION check_author('actor_id', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.approval_right FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.collection_plan FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.concentrator_table_push FOR EACH ROW WHEN ((new.cause <> 'meter_exchange'::text)) EXECUTE FUNCTION check_author('actor_id', 'opened_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.curve_policy FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.due_exemption FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.estimation_policy FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.exception_decision FOR EACH ROW EXECUTE FUNCTION check_author('actor_id', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.exception_policy FOR EACH ROW WHEN ((new.author IS NOT NULL)) EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.loss_policy FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.meter_order FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.meter_order_group FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.meter_order_rule FOR EACH ROW WHEN ((new.actor_id IS NOT NULL)) EXECUTE FUNCTION check_author('actor_id', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.opening_batch FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.registry_correction FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.standing_order FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.tariff_version FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER acts_now BEFORE INSERT ON public.validation_policy FOR EACH ROW EXECUTE FUNCTION check_author('author', 'recorded_at')
CREATE TRIGGER adds_up BEFORE INSERT ON public.opening_batch_approval FOR EACH ROW EXECUTE FUNCTION check_opening_totals()
CREATE TRIGGER batch_is_whole BEFORE INSERT ON public.opening_batch_approval FOR EACH ROW EXECUTE FUNCTION check_opening_is_whole()
CREATE TRIGGER belongs_to_its_decision AFTER INSERT ON public.estimate REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_estimate()
CREATE TRIGGER come_with_batch AFTER INSERT ON public.opening_item REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_opening_item()
CREATE TRIGGER contradicts_nothing BEFORE INSERT ON public.opening_batch_approval FOR EACH ROW EXECUTE FUNCTION refuse_contradicting_opening()
CREATE TRIGGER counted BEFORE INSERT ON public.exception_decision FOR EACH ROW EXECUTE FUNCTION check_exception_decision()
CREATE TRIGGER decided_by_approved BEFORE INSERT ON public.validation_decision FOR EACH ROW WHEN ((new.decided_by IS NOT NULL)) EXECUTE FUNCTION check_decided_by()
CREATE TRIGGER describes AFTER INSERT ON public.meter_description FOR EACH ROW EXECUTE FUNCTION describe_meter()
CREATE TRIGGER first_two_found BEFORE INSERT ON public.approval_right FOR EACH ROW EXECUTE FUNCTION check_approval_right()
CREATE TRIGGER follows_from_registry BEFORE INSERT ON public.concentrator_table_push FOR EACH ROW EXECUTE FUNCTION check_table_push()
CREATE TRIGGER four_eyes BEFORE INSERT ON public.approval_right_confirmation FOR EACH ROW EXECUTE FUNCTION check_approval('the right of', 'approval_right', 'author', 'approver', 'confirmed_at', 'actor_id, revision')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.collection_plan_approval FOR EACH ROW EXECUTE FUNCTION check_approval('collection plan', 'collection_plan', 'author', 'approver', 'approved_at', 'revision')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.concentrator_table_approval FOR EACH ROW WHEN ((new.actor_id IS NOT NULL)) EXECUTE FUNCTION check_approval('push', 'concentrator_table_push', 'actor_id', 'actor_id', 'approved_at', 'push_id')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.curve_policy_approval FOR EACH ROW EXECUTE FUNCTION check_approval('curve policy', 'curve_policy', 'author', 'approver', 'approved_at', 'revision')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.due_exemption_approval FOR EACH ROW EXECUTE FUNCTION check_approval('exemption', 'due_exemption', 'author', 'approver', 'recorded_at', 'exemption_id')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.dunning_policy_version FOR EACH ROW EXECUTE FUNCTION check_dunning_policy()
CREATE TRIGGER four_eyes BEFORE INSERT ON public.estimation_policy_approval FOR EACH ROW EXECUTE FUNCTION check_approval('estimation policy', 'estimation_policy', 'author', 'approver', 'approved_at', 'revision')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.exception_decision_approval FOR EACH ROW EXECUTE FUNCTION check_approval('decision', 'exception_decision', 'actor_id', 'approver', 'approved_at', 'decision_id')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.exception_policy_approval FOR EACH ROW EXECUTE FUNCTION check_approval('exception policy', 'exception_policy', 'author', 'approver', 'approved_at', 'revision')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.loss_policy_approval FOR EACH ROW EXECUTE FUNCTION check_approval('loss policy', 'loss_policy', 'author', 'approver', 'approved_at', 'revision')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.meter_order_approval FOR EACH ROW EXECUTE FUNCTION check_approval('order', 'meter_order', 'author', 'approver', 'approved_at', 'order_id, order_digest')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.meter_order_group_approval FOR EACH ROW EXECUTE FUNCTION check_approval('order group', 'meter_order_group', 'author', 'approver', 'approved_at', 'group_id, group_digest')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.meter_order_rule_approval FOR EACH ROW EXECUTE FUNCTION check_approval('order rule', 'meter_order_rule', 'actor_id', 'approver', 'approved_at', 'kind, revision')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.opening_batch_approval FOR EACH ROW EXECUTE FUNCTION check_approval('opening batch', 'opening_batch', 'author', 'approver', 'approved_at', 'code, sha256')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.registry_correction_approval FOR EACH ROW EXECUTE FUNCTION check_approval('correction', 'registry_correction', 'author', 'approver', 'approved_at', 'correction_id')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.standing_order_approval FOR EACH ROW EXECUTE FUNCTION check_approval('standing order', 'standing_order', 'author', 'approver', 'approved_at', 'code, version, sha256')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.tariff_signature FOR EACH ROW EXECUTE FUNCTION check_approval('tariff', 'tariff_version', 'author', 'actor_id', 'signed_at', 'tariff_code, version')
CREATE TRIGGER four_eyes BEFORE INSERT ON public.validation_policy_approval FOR EACH ROW EXECUTE FUNCTION check_approval('validation policy', 'validation_policy', 'author', 'approver', 'approved_at', 'revision')
CREATE TRIGGER from_batch BEFORE INSERT ON public.opening_state FOR EACH ROW WHEN ((new.batch IS NOT NULL)) EXECUTE FUNCTION check_opening_state()
CREATE TRIGGER has_begun BEFORE INSERT ON public.opening_batch_approval FOR EACH ROW EXECUTE FUNCTION refuse_opening_to_come()
CREATE TRIGGER held_now BEFORE INSERT ON public.meter_order_use FOR EACH ROW EXECUTE FUNCTION check_use()
CREATE TRIGGER held_now BEFORE INSERT ON public.standing_order_use FOR EACH ROW EXECUTE FUNCTION check_use()
CREATE TRIGGER holds_together BEFORE INSERT ON public.determinant_set FOR EACH ROW EXECUTE FUNCTION check_determinant_set()
CREATE TRIGGER holds_together BEFORE INSERT ON public.segment_posting FOR EACH ROW EXECUTE FUNCTION check_segment_entries()
CREATE TRIGGER in_sequence BEFORE INSERT ON public.meter_order_use FOR EACH ROW EXECUTE FUNCTION check_member_use()
CREATE TRIGGER is_as_approved BEFORE INSERT ON public.segment_posting FOR EACH ROW EXECUTE FUNCTION check_opening_posting()
CREATE TRIGGER judged BEFORE INSERT ON public.exception_decision_item FOR EACH ROW EXECUTE FUNCTION check_exception_item()
CREATE TRIGGER kind_has_a_rule BEFORE INSERT ON public.meter_order FOR EACH ROW EXECUTE FUNCTION check_meter_order()
CREATE TRIGGER list_is_open AFTER INSERT ON public.exception_decision_item REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_decision()
CREATE TRIGGER lock_due_points BEFORE INSERT ON public.due_read FOR EACH STATEMENT EXECUTE FUNCTION lock_due_points()
CREATE TRIGGER moves_bills BEFORE INSERT ON public.opening_batch_approval FOR EACH ROW EXECUTE FUNCTION lock_what_bills_rest_on()
CREATE TRIGGER no_cycle AFTER INSERT ON public.relation_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_relations()
CREATE TRIGGER no_over_allocation AFTER INSERT ON public.payment_allocation REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_over_allocation()
CREATE TRIGGER no_overlap AFTER INSERT ON public.agreement_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('account_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.area_supply_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('transformer_area_id, usage_point_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.contact_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('account_id, channel')
CREATE TRIGGER no_overlap AFTER INSERT ON public.crew_area_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('transformer_area_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.crew_member_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('crew_id, person')
CREATE TRIGGER no_overlap AFTER INSERT ON public.flow_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('usage_point_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.installation_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('usage_point_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.multiplier_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('usage_point_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.reading_day_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('usage_point_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.relation_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('usage_point_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.suspension_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('usage_point_id')
CREATE TRIGGER no_overlap AFTER INSERT ON public.transformer_timeline REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_timeline('usage_point_id')
CREATE TRIGGER no_virtual_clock_in_production BEFORE INSERT ON public.acting_time_rule FOR EACH ROW EXECUTE FUNCTION check_acting_time_rule()
CREATE TRIGGER not_expired BEFORE INSERT ON public.meter_order_approval FOR EACH ROW EXECUTE FUNCTION check_order_still_valid()
CREATE TRIGGER numbered BEFORE INSERT ON public.field_event FOR EACH ROW EXECUTE FUNCTION number_field_event()
CREATE TRIGGER numbered BEFORE INSERT ON public.manual_reading FOR EACH ROW EXECUTE FUNCTION number_manual_reading()
CREATE TRIGGER numbered BEFORE INSERT ON public.meter_exchange FOR EACH ROW EXECUTE FUNCTION number_meter_exchange()
CREATE TRIGGER only_what_is_approved BEFORE INSERT ON public.exception_effect FOR EACH ROW EXECUTE FUNCTION check_exception_effect()
CREATE TRIGGER only_what_is_approved BEFORE INSERT ON public.meter_order_use FOR EACH ROW EXECUTE FUNCTION check_meter_order_use()
CREATE TRIGGER only_what_is_approved BEFORE INSERT ON public.standing_order_use FOR EACH ROW EXECUTE FUNCTION check_standing_order_use()
CREATE TRIGGER over_frames BEFORE INSERT ON public.exception_decision FOR EACH ROW EXECUTE FUNCTION ask_second_over_frame()
CREATE TRIGGER override_is_seen BEFORE INSERT ON public.exception_decision_approval FOR EACH ROW EXECUTE FUNCTION check_override_seen()
CREATE TRIGGER prepared_by_another BEFORE INSERT ON public.segment_review FOR EACH ROW EXECUTE FUNCTION check_segment_review()
CREATE TRIGGER project_table_report AFTER INSERT ON public.concentrator_table_report FOR EACH ROW EXECUTE FUNCTION project_table_report()
CREATE TRIGGER quantities_add_up BEFORE INSERT ON public.determinant_set FOR EACH ROW EXECUTE FUNCTION check_determinant_quantities()
CREATE TRIGGER reviewed_by_another BEFORE INSERT ON public.segment_issue FOR EACH ROW EXECUTE FUNCTION check_segment_issue()
CREATE TRIGGER segment_is_open AFTER INSERT ON public.bill REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_segment()
CREATE TRIGGER segment_is_open AFTER INSERT ON public.component_bill REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_segment()
CREATE TRIGGER segment_is_open AFTER INSERT ON public.journal_entry REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_segment()
CREATE TRIGGER segment_is_open AFTER INSERT ON public.receivable REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_segment()
CREATE TRIGGER set_is_open AFTER INSERT ON public.determinant REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_set()
CREATE TRIGGER set_is_open AFTER INSERT ON public.determinant_hold REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_set()
CREATE TRIGGER set_is_open AFTER INSERT ON public.determinant_quantity REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_set()
CREATE TRIGGER standing_policy BEFORE INSERT ON public.concentrator_table_approval FOR EACH ROW WHEN ((new.actor_id IS NULL)) EXECUTE FUNCTION check_standing_table_policy()
CREATE TRIGGER void_night_tallies AFTER INSERT ON public.due_read REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION void_night_tallies()
CREATE TRIGGER with_its_group BEFORE INSERT ON public.meter_order_approval FOR EACH ROW EXECUTE FUNCTION check_member_approval()
CREATE TRIGGER withdraws_nothing BEFORE INSERT ON public.registry_late_change FOR EACH ROW EXECUTE FUNCTION refuse_late_withdrawal()

-- Rights on tables and views

account: shuangwu_billing may select
account: shuangwu_console may select
account: shuangwu_dunning may select
account: shuangwu_mdm may insert, select
account: shuangwu_reader may select
account_terms: shuangwu_billing may insert, select
account_terms: shuangwu_console may select
account_terms: shuangwu_reader may select
acting_time_rule: shuangwu_billing may select
acting_time_rule: shuangwu_console may select
acting_time_rule: shuangwu_dunning may select
acting_time_rule: shuangwu_headend may select
acting_time_rule: shuangwu_mdm may select
acting_time_rule: shuangwu_reader may select
actor: shuangwu_billing may select
actor: shuangwu_console may select
actor: shuangwu_dunning may select
actor: shuangwu_headend may select
actor: shuangwu_mdm may insert, select
actor: shuangwu_reader may select
agreement_timeline: shuangwu_billing may select
agreement_timeline: shuangwu_console may select
agreement_timeline: shuangwu_dunning may select
agreement_timeline: shuangwu_mdm may insert, select
agreement_timeline: shuangwu_reader may select
approval_right: shuangwu_billing may select
approval_right: shuangwu_console may select
approval_right: shuangwu_dunning may select
approval_right: shuangwu_headend may select
approval_right: shuangwu_mdm may select
approval_right: shuangwu_reader may select
approval_right_confirmation: shuangwu_billing may select
approval_right_confirmation: shuangwu_console may insert, select
approval_right_confirmation: shuangwu_dunning may select
approval_right_confirmation: shuangwu_headend may select
approval_right_confirmation: shuangwu_mdm may select
approval_right_confirmation: shuangwu_reader may select
approval_right_in_force: shuangwu_billing may select
approval_right_in_force: shuangwu_console may select
approval_right_in_force: shuangwu_dunning may select
approval_right_in_force: shuangwu_headend may select
approval_right_in_force: shuangwu_mdm may select
approval_right_in_force: shuangwu_reader may select
area_loss: shuangwu_console may select
area_loss: shuangwu_mdm may insert, select
area_loss: shuangwu_reader may select
area_loss_latest: shuangwu_console may select
area_loss_latest: shuangwu_mdm may select
area_loss_latest: shuangwu_reader may select
area_supply_timeline: shuangwu_console may select
area_supply_timeline: shuangwu_mdm may insert, select
area_supply_timeline: shuangwu_reader may select
bill: shuangwu_billing may insert, select
bill: shuangwu_console may select
bill: shuangwu_reader may select
bill_line: shuangwu_billing may select
bill_line: shuangwu_console may select
bill_line: shuangwu_reader may select
bill_number_lock: shuangwu_billing may insert, select, update
bill_number_lock: shuangwu_console may select
bill_number_lock: shuangwu_reader may select
billing_run: shuangwu_billing may insert, select, update
billing_run: shuangwu_console may select
billing_run: shuangwu_reader may select
billing_run_event: shuangwu_billing may insert, select
billing_run_event: shuangwu_console may select
billing_run_event: shuangwu_reader may select
clock_check: shuangwu_console may select
clock_check: shuangwu_headend may insert, select
clock_check: shuangwu_mdm may select
clock_check: shuangwu_reader may select
clock_doubt: shuangwu_console may select
clock_doubt: shuangwu_headend may select
clock_doubt: shuangwu_mdm may select
clock_doubt: shuangwu_reader may select
collection_fire: shuangwu_console may select
collection_fire: shuangwu_headend may insert, select
collection_fire: shuangwu_mdm may select
collection_fire: shuangwu_reader may select
collection_plan: shuangwu_console may insert, select
collection_plan: shuangwu_headend may select
collection_plan: shuangwu_mdm may select
collection_plan: shuangwu_reader may select
collection_plan_approval: shuangwu_console may insert, select
collection_plan_approval: shuangwu_headend may select
collection_plan_approval: shuangwu_mdm may select
collection_plan_approval: shuangwu_reader may select
component_bill: shuangwu_billing may insert, select
component_bill: shuangwu_console may select
component_bill: shuangwu_reader may select
component_bill_line: shuangwu_billing may select
component_bill_line: shuangwu_console may select
component_bill_line: shuangwu_reader may select
concentrator_contact: shuangwu_console may select
concentrator_contact: shuangwu_headend may select
concentrator_contact: shuangwu_mdm may select
concentrator_contact: shuangwu_reader may select
concentrator_status: shuangwu_console may select
concentrator_status: shuangwu_headend may insert, select
concentrator_status: shuangwu_mdm may select
concentrator_status: shuangwu_reader may select
concentrator_table_approval: shuangwu_console may insert, select
concentrator_table_approval: shuangwu_headend may insert, select
concentrator_table_approval: shuangwu_mdm may select
concentrator_table_approval: shuangwu_reader may select
concentrator_table_delivery: shuangwu_console may select
concentrator_table_delivery: shuangwu_headend may insert, select
concentrator_table_delivery: shuangwu_mdm may select
concentrator_table_delivery: shuangwu_reader may select
concentrator_table_entry: shuangwu_console may select
concentrator_table_entry: shuangwu_headend may select
concentrator_table_entry: shuangwu_mdm may select
concentrator_table_entry: shuangwu_reader may select
concentrator_table_fault: shuangwu_console may select
concentrator_table_fault: shuangwu_headend may select
concentrator_table_fault: shuangwu_mdm may select
concentrator_table_fault: shuangwu_reader may select
concentrator_table_push: shuangwu_console may insert, select
concentrator_table_push: shuangwu_headend may insert, select
concentrator_table_push: shuangwu_mdm may select
concentrator_table_push: shuangwu_reader may select
concentrator_table_receipt: shuangwu_console may select
concentrator_table_receipt: shuangwu_headend may insert, select
concentrator_table_receipt: shuangwu_mdm may select
concentrator_table_receipt: shuangwu_reader may select
concentrator_table_report: shuangwu_console may select
concentrator_table_report: shuangwu_headend may insert, select
concentrator_table_report: shuangwu_mdm may select
concentrator_table_report: shuangwu_reader may select
contact_timeline: shuangwu_console may select
contact_timeline: shuangwu_dunning may select
contact_timeline: shuangwu_mdm may insert, select
contact_timeline: shuangwu_reader may select
crew: shuangwu_console may select
crew: shuangwu_headend may select
crew: shuangwu_mdm may insert, select
crew: shuangwu_reader may select
crew_area_timeline: shuangwu_console may select
crew_area_timeline: shuangwu_headend may select
crew_area_timeline: shuangwu_mdm may insert, select
crew_area_timeline: shuangwu_reader may select
crew_member_timeline: shuangwu_console may select
crew_member_timeline: shuangwu_mdm may insert, select
crew_member_timeline: shuangwu_reader may select
curve_policy: shuangwu_billing may select
curve_policy: shuangwu_console may insert, select
curve_policy: shuangwu_mdm may select
curve_policy: shuangwu_reader may select
curve_policy_approval: shuangwu_billing may select
curve_policy_approval: shuangwu_console may insert, select
curve_policy_approval: shuangwu_mdm may select
curve_policy_approval: shuangwu_reader may select
curve_settlement: shuangwu_console may select
curve_settlement: shuangwu_mdm may insert, select
curve_settlement: shuangwu_reader may select
customer: shuangwu_billing may select
customer: shuangwu_console may select
customer: shuangwu_dunning may select
customer: shuangwu_mdm may insert, select
customer: shuangwu_reader may select
decision_origin: shuangwu_billing may select
decision_origin: shuangwu_console may select
decision_origin: shuangwu_mdm may select
decision_origin: shuangwu_reader may select
demand_reading: shuangwu_console may select
demand_reading: shuangwu_headend may insert, select
demand_reading: shuangwu_mdm may select
demand_reading: shuangwu_reader may select
deployment: shuangwu_billing may select
deployment: shuangwu_console may select
deployment: shuangwu_dunning may select
deployment: shuangwu_headend may select
deployment: shuangwu_mdm may select
deployment: shuangwu_reader may select
determinant: shuangwu_billing may select
determinant: shuangwu_console may select
determinant: shuangwu_mdm may insert, select
determinant: shuangwu_reader may select
determinant_hold: shuangwu_billing may select
determinant_hold: shuangwu_console may select
determinant_hold: shuangwu_mdm may insert, select
determinant_hold: shuangwu_reader may select
determinant_hold_release: shuangwu_billing may select
determinant_hold_release: shuangwu_console may select
determinant_hold_release: shuangwu_mdm may select
determinant_hold_release: shuangwu_reader may select
determinant_quantity: shuangwu_billing may select
determinant_quantity: shuangwu_console may select
determinant_quantity: shuangwu_mdm may insert, select
determinant_quantity: shuangwu_reader may select
determinant_set: shuangwu_billing may select
determinant_set: shuangwu_console may select
determinant_set: shuangwu_mdm may insert, select
determinant_set: shuangwu_reader may select
due_exemption: shuangwu_console may insert, select
due_exemption: shuangwu_headend may select
due_exemption: shuangwu_mdm may select
due_exemption: shuangwu_reader may select
due_exemption_approval: shuangwu_console may insert, select
due_exemption_approval: shuangwu_headend may select
due_exemption_approval: shuangwu_mdm may select
due_exemption_approval: shuangwu_reader may select
due_point_purpose: shuangwu_console may select
due_point_purpose: shuangwu_headend may select
due_point_purpose: shuangwu_mdm may select
due_point_purpose: shuangwu_reader may select
due_purpose: shuangwu_console may select
due_purpose: shuangwu_headend may insert, select
due_purpose: shuangwu_mdm may select
due_purpose: shuangwu_reader may select
due_read: shuangwu_console may select
due_read: shuangwu_headend may insert, select
due_read: shuangwu_mdm may select
due_read: shuangwu_reader may select
dunning_case: shuangwu_console may select
dunning_case: shuangwu_dunning may insert, select, update
dunning_case: shuangwu_reader may select
dunning_case_event: shuangwu_console may select
dunning_case_event: shuangwu_dunning may insert, select
dunning_case_event: shuangwu_reader may select
dunning_policy_version: shuangwu_console may select
dunning_policy_version: shuangwu_dunning may insert, select
dunning_policy_version: shuangwu_reader may select
end_device_event: shuangwu_console may select
end_device_event: shuangwu_headend may insert, select
end_device_event: shuangwu_mdm may select
end_device_event: shuangwu_reader may select
end_device_event_latest: shuangwu_console may select
end_device_event_latest: shuangwu_headend may select
end_device_event_latest: shuangwu_mdm may select
end_device_event_latest: shuangwu_reader may select
estimate: shuangwu_console may select
estimate: shuangwu_mdm may insert, select
estimate: shuangwu_reader may select
estimate_outcome: shuangwu_console may select
estimate_outcome: shuangwu_mdm may select
estimate_outcome: shuangwu_reader may select
estimation_policy: shuangwu_console may insert, select
estimation_policy: shuangwu_mdm may select
estimation_policy: shuangwu_reader may select
estimation_policy_approval: shuangwu_console may insert, select
estimation_policy_approval: shuangwu_mdm may select
estimation_policy_approval: shuangwu_reader may select
event_count: shuangwu_console may select
event_count: shuangwu_headend may insert, select
event_count: shuangwu_mdm may select
event_count: shuangwu_reader may select
exception: shuangwu_billing may select
exception: shuangwu_console may select
exception: shuangwu_mdm may insert, select
exception: shuangwu_reader may select
exception_decision: shuangwu_billing may select
exception_decision: shuangwu_console may insert, select
exception_decision: shuangwu_mdm may select
exception_decision: shuangwu_reader may select
exception_decision_approval: shuangwu_billing may select
exception_decision_approval: shuangwu_console may insert, select
exception_decision_approval: shuangwu_mdm may select
exception_decision_approval: shuangwu_reader may select
exception_decision_item: shuangwu_billing may select
exception_decision_item: shuangwu_console may insert, select
exception_decision_item: shuangwu_mdm may select
exception_decision_item: shuangwu_reader may select
exception_decision_redo: shuangwu_console may select
exception_decision_redo: shuangwu_mdm may insert, select
exception_decision_redo: shuangwu_reader may select
exception_effect: shuangwu_billing may select
exception_effect: shuangwu_console may select
exception_effect: shuangwu_mdm may insert, select
exception_effect: shuangwu_reader may select
exception_event: shuangwu_billing may select
exception_event: shuangwu_console may select
exception_event: shuangwu_mdm may insert, select
exception_event: shuangwu_reader may select
exception_finding: shuangwu_billing may select
exception_finding: shuangwu_console may select
exception_finding: shuangwu_mdm may insert, select
exception_finding: shuangwu_reader may select
exception_finding_end: shuangwu_billing may select
exception_finding_end: shuangwu_console may select
exception_finding_end: shuangwu_mdm may insert, select
exception_finding_end: shuangwu_reader may select
exception_look: shuangwu_billing may select
exception_look: shuangwu_console may select
exception_look: shuangwu_mdm may insert, select
exception_look: shuangwu_reader may select
exception_now: shuangwu_billing may select
exception_now: shuangwu_console may select
exception_now: shuangwu_mdm may select
exception_now: shuangwu_reader may select
exception_policy: shuangwu_billing may select
exception_policy: shuangwu_console may insert, select
exception_policy: shuangwu_mdm may select
exception_policy: shuangwu_reader may select
exception_policy_approval: shuangwu_billing may select
exception_policy_approval: shuangwu_console may insert, select
exception_policy_approval: shuangwu_mdm may select
exception_policy_approval: shuangwu_reader may select
exception_undo: shuangwu_billing may select
exception_undo: shuangwu_console may select
exception_undo: shuangwu_mdm may select
exception_undo: shuangwu_reader may select
failed_read: shuangwu_console may select
failed_read: shuangwu_headend may insert, select
failed_read: shuangwu_mdm may select
failed_read: shuangwu_reader may select
field_event: shuangwu_console may select
field_event: shuangwu_mdm may insert, select
field_event: shuangwu_reader may select
field_event_withdrawal: shuangwu_console may select
field_event_withdrawal: shuangwu_mdm may insert, select
field_event_withdrawal: shuangwu_reader may select
field_order: shuangwu_console may select
field_order: shuangwu_mdm may insert, select
field_order: shuangwu_reader may select
field_order_result: shuangwu_console may select
field_order_result: shuangwu_mdm may insert, select
field_order_result: shuangwu_reader may select
flow_timeline: shuangwu_console may select
flow_timeline: shuangwu_mdm may insert, select
flow_timeline: shuangwu_reader may select
frame: shuangwu_console may select
frame: shuangwu_headend may insert, select
frame: shuangwu_mdm may select
frame: shuangwu_reader may select
frame_sequence: shuangwu_headend may usage
grid_cell: shuangwu_console may select
grid_cell: shuangwu_dunning may select
grid_cell: shuangwu_mdm may insert, select
grid_cell: shuangwu_reader may select
installation_timeline: shuangwu_console may select
installation_timeline: shuangwu_headend may select
installation_timeline: shuangwu_mdm may insert, select
installation_timeline: shuangwu_reader may select
interval_absence: shuangwu_console may select
interval_absence: shuangwu_headend may insert, select
interval_absence: shuangwu_mdm may select
interval_absence: shuangwu_reader may select
interval_charge: shuangwu_billing may insert, select
interval_charge: shuangwu_console may select
interval_charge: shuangwu_reader may select
interval_charge_line: shuangwu_billing may select
interval_charge_line: shuangwu_console may select
interval_charge_line: shuangwu_reader may select
interval_day: shuangwu_billing may select
interval_day: shuangwu_console may select
interval_day: shuangwu_mdm may insert, select
interval_day: shuangwu_reader may select
interval_day_latest: shuangwu_console may select
interval_day_latest: shuangwu_mdm may select
interval_day_latest: shuangwu_reader may select
interval_energy: shuangwu_console may select
interval_energy: shuangwu_headend may select
interval_energy: shuangwu_mdm may select
interval_energy: shuangwu_reader may select
interval_exception: shuangwu_billing may insert, select
interval_exception: shuangwu_console may select
interval_exception: shuangwu_reader may select
interval_piece: shuangwu_console may select
interval_piece: shuangwu_headend may insert, select
interval_piece: shuangwu_mdm may select
interval_piece: shuangwu_reader may select
interval_rating: shuangwu_billing may insert, select
interval_rating: shuangwu_console may select
interval_rating: shuangwu_reader may select
interval_rating_shard: shuangwu_billing may insert, select
interval_rating_shard: shuangwu_console may select
interval_rating_shard: shuangwu_reader may select
interval_slot: shuangwu_console may select
interval_slot: shuangwu_mdm may select
interval_slot: shuangwu_reader may select
issued_bill: shuangwu_console may select
issued_bill: shuangwu_mdm may select
issued_bill: shuangwu_reader may select
journal_entry: shuangwu_billing may insert, select
journal_entry: shuangwu_console may select
journal_entry: shuangwu_reader may select
ledger_account: shuangwu_billing may select
ledger_account: shuangwu_console may select
ledger_account: shuangwu_reader may select
ledger_lock: shuangwu_billing may select, update
ledger_lock: shuangwu_console may select
ledger_lock: shuangwu_reader may select
ledger_segment: shuangwu_billing may insert, select
ledger_segment: shuangwu_console may select
ledger_segment: shuangwu_reader may select
line: shuangwu_console may select
line: shuangwu_headend may select
line: shuangwu_mdm may insert, select
line: shuangwu_reader may select
line_lease: shuangwu_console may select
line_lease: shuangwu_headend may insert, select, update
line_lease: shuangwu_mdm may select
line_lease: shuangwu_reader may select
line_lease_event: shuangwu_console may select
line_lease_event: shuangwu_headend may insert, select
line_lease_event: shuangwu_mdm may select
line_lease_event: shuangwu_reader may select
line_statistics: shuangwu_console may select
line_statistics: shuangwu_headend may insert, select
line_statistics: shuangwu_mdm may select
line_statistics: shuangwu_reader may select
loss_policy: shuangwu_billing may select
loss_policy: shuangwu_console may insert, select
loss_policy: shuangwu_mdm may select
loss_policy: shuangwu_reader may select
loss_policy_approval: shuangwu_billing may select
loss_policy_approval: shuangwu_console may insert, select
loss_policy_approval: shuangwu_mdm may select
loss_policy_approval: shuangwu_reader may select
manual_reading: shuangwu_console may select
manual_reading: shuangwu_headend may select
manual_reading: shuangwu_mdm may insert, select
manual_reading: shuangwu_reader may select
manual_reading_standing: shuangwu_console may select
manual_reading_standing: shuangwu_mdm may select
manual_reading_standing: shuangwu_reader may select
manual_reading_withdrawal: shuangwu_console may select
manual_reading_withdrawal: shuangwu_headend may select
manual_reading_withdrawal: shuangwu_mdm may insert, select
manual_reading_withdrawal: shuangwu_reader may select
manual_task: shuangwu_console may select
manual_task: shuangwu_dunning may insert, select
manual_task: shuangwu_reader may select
manual_task_event: shuangwu_console may select
manual_task_event: shuangwu_dunning may insert, select
manual_task_event: shuangwu_reader may select
meter: shuangwu_console may select
meter: shuangwu_headend may select
meter: shuangwu_mdm may insert, select
meter: shuangwu_reader may select
meter_credential: shuangwu_console may insert
meter_credential: shuangwu_headend may select
meter_description: shuangwu_console may select
meter_description: shuangwu_headend may select
meter_description: shuangwu_mdm may insert, select
meter_description: shuangwu_reader may select
meter_exchange: shuangwu_console may select
meter_exchange: shuangwu_headend may select
meter_exchange: shuangwu_mdm may insert, select
meter_exchange: shuangwu_reader may select
meter_exchange_standing: shuangwu_console may select
meter_exchange_standing: shuangwu_mdm may select
meter_exchange_standing: shuangwu_reader may select
meter_exchange_withdrawal: shuangwu_console may select
meter_exchange_withdrawal: shuangwu_headend may select
meter_exchange_withdrawal: shuangwu_mdm may insert, select
meter_exchange_withdrawal: shuangwu_reader may select
meter_misaddressed: shuangwu_console may select
meter_misaddressed: shuangwu_headend may select
meter_misaddressed: shuangwu_mdm may select
meter_misaddressed: shuangwu_reader may select
meter_order: shuangwu_console may insert, select
meter_order: shuangwu_headend may select
meter_order: shuangwu_reader may select
meter_order_approval: shuangwu_console may insert, select
meter_order_approval: shuangwu_headend may select
meter_order_approval: shuangwu_reader may select
meter_order_attempt: shuangwu_console may select
meter_order_attempt: shuangwu_headend may insert, select
meter_order_attempt: shuangwu_reader may select
meter_order_group: shuangwu_console may insert, select
meter_order_group: shuangwu_headend may select
meter_order_group: shuangwu_reader may select
meter_order_group_approval: shuangwu_console may insert, select
meter_order_group_approval: shuangwu_headend may select
meter_order_group_approval: shuangwu_reader may select
meter_order_member: shuangwu_console may insert, select
meter_order_member: shuangwu_headend may select
meter_order_member: shuangwu_reader may select
meter_order_result: shuangwu_console may select
meter_order_result: shuangwu_headend may insert, select
meter_order_result: shuangwu_reader may select
meter_order_rule: shuangwu_console may insert, select
meter_order_rule: shuangwu_headend may select
meter_order_rule: shuangwu_reader may select
meter_order_rule_approval: shuangwu_billing may select
meter_order_rule_approval: shuangwu_console may insert, select
meter_order_rule_approval: shuangwu_dunning may select
meter_order_rule_approval: shuangwu_headend may select
meter_order_rule_approval: shuangwu_mdm may select
meter_order_rule_approval: shuangwu_reader may select
meter_order_use: shuangwu_console may select
meter_order_use: shuangwu_headend may insert, select
meter_order_use: shuangwu_reader may select
meter_statistics: shuangwu_console may select
meter_statistics: shuangwu_headend may insert, select
meter_statistics: shuangwu_mdm may select
meter_statistics: shuangwu_reader may select
meter_verification: shuangwu_console may select
meter_verification: shuangwu_mdm may insert, select
meter_verification: shuangwu_reader may select
money_at_risk: shuangwu_billing may insert, select
money_at_risk: shuangwu_console may select
money_at_risk: shuangwu_mdm may select
money_at_risk: shuangwu_reader may select
money_at_risk_now: shuangwu_billing may select
money_at_risk_now: shuangwu_console may select
money_at_risk_now: shuangwu_mdm may select
money_at_risk_now: shuangwu_reader may select
multiplier_timeline: shuangwu_console may select
multiplier_timeline: shuangwu_mdm may insert, select
multiplier_timeline: shuangwu_reader may select
night_tally: shuangwu_console may select
night_tally: shuangwu_headend may insert, select
night_tally: shuangwu_mdm may select
night_tally: shuangwu_reader may select
night_tally_cell: shuangwu_console may select
night_tally_cell: shuangwu_headend may insert, select
night_tally_cell: shuangwu_mdm may select
night_tally_cell: shuangwu_reader may select
night_tally_rest: shuangwu_console may select
night_tally_rest: shuangwu_headend may insert, select
night_tally_rest: shuangwu_mdm may select
night_tally_rest: shuangwu_reader may select
notice: shuangwu_console may select
notice: shuangwu_dunning may insert, select
notice: shuangwu_reader may select
open_item: shuangwu_billing may select
open_item: shuangwu_console may select
open_item: shuangwu_dunning may select
open_item: shuangwu_reader may select
opening_batch: shuangwu_console may select
opening_batch: shuangwu_mdm may insert, select
opening_batch: shuangwu_reader may select
opening_batch_approval: shuangwu_console may insert, select
opening_batch_approval: shuangwu_mdm may select
opening_batch_approval: shuangwu_reader may select
opening_batch_in_force: shuangwu_billing may select
opening_batch_in_force: shuangwu_console may select
opening_batch_in_force: shuangwu_mdm may select
opening_batch_in_force: shuangwu_reader may select
opening_batch_redo: shuangwu_console may select
opening_batch_redo: shuangwu_mdm may insert, select
opening_batch_redo: shuangwu_reader may select
opening_batch_to_follow_up: shuangwu_console may select
opening_batch_to_follow_up: shuangwu_mdm may select
opening_batch_to_follow_up: shuangwu_reader may select
opening_item: shuangwu_console may select
opening_item: shuangwu_mdm may insert, select
opening_item: shuangwu_reader may select
opening_item_in_force: shuangwu_billing may select
opening_item_in_force: shuangwu_console may select
opening_item_in_force: shuangwu_mdm may select
opening_item_in_force: shuangwu_reader may select
opening_state: shuangwu_billing may select
opening_state: shuangwu_console may select
opening_state: shuangwu_mdm may select
opening_state: shuangwu_reader may select
organisation: shuangwu_billing may select
organisation: shuangwu_console may select
organisation: shuangwu_dunning may select
organisation: shuangwu_headend may select
organisation: shuangwu_mdm may insert, select
organisation: shuangwu_reader may select
outbox_event: shuangwu_console may select
outbox_event: shuangwu_dunning may insert, select
outbox_event: shuangwu_reader may select
outbox_message: shuangwu_console may select
outbox_message: shuangwu_dunning may insert, select
outbox_message: shuangwu_reader may select
payment: shuangwu_billing may insert, select
payment: shuangwu_console may select
payment: shuangwu_reader may select
payment_allocation: shuangwu_billing may insert, select
payment_allocation: shuangwu_console may select
payment_allocation: shuangwu_reader may select
planned_outage: shuangwu_console may select
planned_outage: shuangwu_headend may select
planned_outage: shuangwu_mdm may insert, select
planned_outage: shuangwu_reader may select
quarantine: shuangwu_console may select
quarantine: shuangwu_headend may insert, select
quarantine: shuangwu_mdm may select
quarantine: shuangwu_reader may select
read_request: shuangwu_console may insert, select
read_request: shuangwu_headend may select
read_request: shuangwu_mdm may select
read_request: shuangwu_reader may select
read_request_result: shuangwu_console may select
read_request_result: shuangwu_headend may insert, select
read_request_result: shuangwu_mdm may select
read_request_result: shuangwu_reader may select
reading: shuangwu_console may select
reading: shuangwu_headend may insert, select
reading: shuangwu_mdm may select
reading: shuangwu_reader may select
reading_claim: shuangwu_console may select
reading_claim: shuangwu_headend may insert, select
reading_claim: shuangwu_mdm may select
reading_claim: shuangwu_reader may select
reading_claims: shuangwu_console may select
reading_claims: shuangwu_mdm may select
reading_claims: shuangwu_reader may select
reading_day_timeline: shuangwu_billing may select
reading_day_timeline: shuangwu_console may select
reading_day_timeline: shuangwu_headend may select
reading_day_timeline: shuangwu_mdm may insert, select
reading_day_timeline: shuangwu_reader may select
receivable: shuangwu_billing may insert, select
receivable: shuangwu_console may select
receivable: shuangwu_reader may select
registry_correction: shuangwu_console may select
registry_correction: shuangwu_mdm may insert, select
registry_correction: shuangwu_reader may select
registry_correction_approval: shuangwu_console may select
registry_correction_approval: shuangwu_mdm may insert, select
registry_correction_approval: shuangwu_reader may select
registry_correction_in_effect: shuangwu_console may select
registry_correction_in_effect: shuangwu_mdm may select
registry_correction_in_effect: shuangwu_reader may select
registry_correction_redo: shuangwu_console may select
registry_correction_redo: shuangwu_mdm may insert, select
registry_correction_redo: shuangwu_reader may select
registry_late_change: shuangwu_console may select
registry_late_change: shuangwu_mdm may insert, select
registry_late_change: shuangwu_reader may select
relation_timeline: shuangwu_console may select
relation_timeline: shuangwu_mdm may insert, select
relation_timeline: shuangwu_reader may select
relay_status: shuangwu_console may select
relay_status: shuangwu_headend may insert, select
relay_status: shuangwu_mdm may select
relay_status: shuangwu_reader may select
revalidation: shuangwu_console may select
revalidation: shuangwu_mdm may insert, select
revalidation: shuangwu_reader may select
run_exception: shuangwu_billing may insert, select
run_exception: shuangwu_console may select
run_exception: shuangwu_reader may select
run_input: shuangwu_billing may insert, select
run_input: shuangwu_reader may select
run_manifest: shuangwu_billing may insert, select
run_manifest: shuangwu_console may select
run_manifest: shuangwu_reader may select
run_segment: shuangwu_billing may insert, select
run_segment: shuangwu_console may select
run_segment: shuangwu_reader may select
schema_migration: shuangwu_billing may select
schema_migration: shuangwu_console may select
schema_migration: shuangwu_dunning may select
schema_migration: shuangwu_headend may select
schema_migration: shuangwu_mdm may select
schema_migration: shuangwu_reader may select
segment_balance: shuangwu_billing may insert, select
segment_balance: shuangwu_console may select
segment_balance: shuangwu_reader may select
segment_issue: shuangwu_billing may insert, select
segment_issue: shuangwu_console may select
segment_issue: shuangwu_reader may select
segment_posting: shuangwu_billing may insert, select
segment_posting: shuangwu_console may select
segment_posting: shuangwu_reader may select
segment_result: shuangwu_billing may insert, select
segment_result: shuangwu_console may select
segment_result: shuangwu_reader may select
segment_review: shuangwu_billing may insert, select
segment_review: shuangwu_console may select
segment_review: shuangwu_reader may select
served_read: shuangwu_console may select
served_read: shuangwu_headend may select
served_read: shuangwu_mdm may select
served_read: shuangwu_reader may select
settlement_reading: shuangwu_console may select
settlement_reading: shuangwu_headend may insert, select
settlement_reading: shuangwu_mdm may select
settlement_reading: shuangwu_reader may select
standing_order: shuangwu_console may insert, select
standing_order: shuangwu_headend may select
standing_order: shuangwu_reader may select
standing_order_approval: shuangwu_console may insert, select
standing_order_approval: shuangwu_headend may select
standing_order_approval: shuangwu_reader may select
standing_order_unsent: shuangwu_console may select
standing_order_unsent: shuangwu_headend may insert, select
standing_order_unsent: shuangwu_reader may select
standing_order_use: shuangwu_console may select
standing_order_use: shuangwu_headend may insert, select
standing_order_use: shuangwu_reader may select
suspension_timeline: shuangwu_console may select
suspension_timeline: shuangwu_headend may select
suspension_timeline: shuangwu_mdm may insert, select
suspension_timeline: shuangwu_reader may select
tariff_signature: shuangwu_billing may insert, select
tariff_signature: shuangwu_console may select
tariff_signature: shuangwu_mdm may select
tariff_signature: shuangwu_reader may select
tariff_version: shuangwu_billing may insert, select
tariff_version: shuangwu_console may select
tariff_version: shuangwu_mdm may select
tariff_version: shuangwu_reader may select
time_series: shuangwu_billing may select
time_series: shuangwu_console may select
time_series: shuangwu_dunning may select
time_series: shuangwu_headend may select
time_series: shuangwu_mdm may select
time_series: shuangwu_reader may select
tou_reading: shuangwu_console may select
tou_reading: shuangwu_headend may insert, select
tou_reading: shuangwu_mdm may select
tou_reading: shuangwu_reader may select
tou_tables: shuangwu_console may select
tou_tables: shuangwu_headend may insert, select
tou_tables: shuangwu_mdm may select
tou_tables: shuangwu_reader may select
transformer_area: shuangwu_console may select
transformer_area: shuangwu_headend may select
transformer_area: shuangwu_mdm may insert, select
transformer_area: shuangwu_reader may select
transformer_timeline: shuangwu_console may select
transformer_timeline: shuangwu_mdm may insert, select
transformer_timeline: shuangwu_reader may select
trial_balance: shuangwu_billing may select
trial_balance: shuangwu_console may select
trial_balance: shuangwu_reader may select
undisputed_interval_piece: shuangwu_console may select
undisputed_interval_piece: shuangwu_headend may select
undisputed_interval_piece: shuangwu_mdm may select
undisputed_interval_piece: shuangwu_reader may select
usage_point: shuangwu_console may select
usage_point: shuangwu_dunning may select
usage_point: shuangwu_headend may select
usage_point: shuangwu_mdm may insert, select
usage_point: shuangwu_reader may select
validated_reading: shuangwu_console may select
validated_reading: shuangwu_mdm may select
validated_reading: shuangwu_reader may select
validation_decision: shuangwu_console may select
validation_decision: shuangwu_headend may select
validation_decision: shuangwu_mdm may insert, select
validation_decision: shuangwu_reader may select
validation_policy: shuangwu_console may insert, select
validation_policy: shuangwu_mdm may select
validation_policy: shuangwu_reader may select
validation_policy_approval: shuangwu_console may insert, select
validation_policy_approval: shuangwu_mdm may select
validation_policy_approval: shuangwu_reader may select
window_completion: shuangwu_console may select
window_completion: shuangwu_headend may insert, select
window_completion: shuangwu_mdm may select
window_completion: shuangwu_reader may select
window_forecast: shuangwu_console may select
window_forecast: shuangwu_headend may insert, select
window_forecast: shuangwu_mdm may select
window_forecast: shuangwu_reader may select
work_item: shuangwu_billing may insert, select, update
work_item: shuangwu_console may insert, select, update
work_item: shuangwu_dunning may insert, select, update
work_item: shuangwu_headend may insert, select, update
work_item: shuangwu_mdm may insert, select, update
work_item: shuangwu_reader may select
work_item_event: shuangwu_billing may insert, select
work_item_event: shuangwu_console may insert, select
work_item_event: shuangwu_dunning may insert, select
work_item_event: shuangwu_headend may insert, select
work_item_event: shuangwu_mdm may insert, select
work_item_event: shuangwu_reader may select

-- Rights on columns

meter_credential.actor_id: shuangwu_console may select
meter_credential.credential_code: shuangwu_console may select
meter_credential.recorded_at: shuangwu_console may select
meter_credential.version: shuangwu_console may select

-- Rights on functions

agreement_as_of: public
area_supply_as_of: public
ask_second_over_frame: public
billing_boundary: shuangwu_headend
change_to_follow_up: shuangwu_billing
check_acting_time_rule: public
check_approval: public
check_approval_right: public
check_author: public
check_decided_by: public
check_determinant_quantities: public
check_determinant_set: public
check_dunning_policy: public
check_estimate: public
check_exception_decision: public
check_exception_effect: public
check_exception_item: public
check_member_approval: public
check_member_use: public
check_meter_order: public
check_meter_order_use: public
check_opening_is_whole: public
check_opening_item: public
check_opening_posting: public
check_opening_state: public
check_opening_totals: public
check_order_still_valid: public
check_override_seen: public
check_relations: public
check_segment_bills: public
check_segment_entries: public
check_segment_issue: public
check_segment_review: public
check_standing_order_use: public
check_standing_table_policy: public
check_table_push: public
check_timeline: public
check_use: public
clock_doubt_as_of: public
collection_plan_as_of: public
collection_source: public
concentrator_presence: public
concentrator_state_as_of: public
concentrator_table_state: public
contact_as_of: public
create_time_series: public
crew_area_as_of: public
crew_member_as_of: public
database_tier: public
describe_meter: public
desired_meter_table: public
due_excuse: public
due_point_state: public
due_point_void: public
ensure_time_partitions: shuangwu_console, shuangwu_headend, shuangwu_mdm
entry_is_balanced: public
entry_legs_balance: public
epoch_ms: public
estimation_policy_as_of: public
exception_cut_off: public
exception_item_effect: public
exception_policy_as_of: public
field_event_as_of: public
flow_as_of: public
frame_address: public
holds_approval_right: public
installation_as_of: public
is_ladder_year_end: public
is_reading_day: public
judged_at: public
late_installation: public
live_tolerance: public
lock_due_points: public
lock_what_bills_rest_on: public
meter_as_of: public
meter_misaddressed_as_of: public
meter_order_rule_as_of: public
multiplier_as_of: public
number_field_event: public
number_manual_reading: public
number_meter_exchange: public
opening_contradictions: shuangwu_console, shuangwu_mdm, shuangwu_reader, public
opening_said: shuangwu_console, shuangwu_mdm, shuangwu_reader, public
project_table_report: public
reading_day_as_of: public
refuse: public
refuse_closed_decision: public
refuse_closed_segment: public
refuse_closed_set: public
refuse_contradicting_opening: public
refuse_late_withdrawal: public
refuse_opening_to_come: public
refuse_over_allocation: public
refuse_uncovered: public
relation_as_of: public
require_own_session: public
require_present: public
served_otherwise: public
suspension_as_of: public
table_entries: public
take_opening_ladders: shuangwu_mdm
time_partition_start: public
tou_tables_seen: public
transformer_as_of: public
void_night_tallies: public
