// Every maximum of the program, named once, unit last, and related by static_assert where one implies another.
#pragma once

#include <cstddef>
#include <cstdint>

namespace posthorn::base::limits {

inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

// The door: HTTP in.
inline constexpr std::size_t request_target_bytes_max = 8 * kib;
inline constexpr std::size_t request_head_bytes_max = 32 * kib;
inline constexpr std::size_t request_headers_max = 100;
inline constexpr std::size_t request_body_bytes_max = 8 * mib;
inline constexpr std::size_t chunk_header_bytes_max = 256;  // size line of one chunk, extensions included
inline constexpr std::size_t chunk_trailer_bytes_max = 8 * kib;
inline constexpr int request_head_timeout_ms = 10'000;
inline constexpr int request_body_timeout_ms = 30'000;
inline constexpr int keep_alive_idle_timeout_ms = 75'000;
inline constexpr int response_write_timeout_ms = 30'000;
inline constexpr int lingering_close_timeout_ms = 2'000;  // for the caller to read an answer given early
inline constexpr std::size_t lingering_close_bytes_max = 1 * mib;
inline constexpr std::size_t refused_body_bytes_max = 64 * kib;    // read and dropped to keep the connection
inline constexpr std::size_t connection_buffer_bytes = 2 * kib;    // kept by an idle connection
inline constexpr std::size_t server_connections_max = 10'000;      // of one server, that is of one thread
inline constexpr std::size_t server_connections_min = 16;          // fewer: it does not start
inline constexpr std::size_t server_refusals_max = 64;             // beyond the cap: answered 503; beyond these: closed
inline constexpr std::size_t descriptors_kept = 256;               // for the store, the log, DNS, mail and the like
inline constexpr std::size_t server_bodies_bytes_max = 128 * mib;  // large bodies being received, one server
inline constexpr std::size_t request_id_chars_max = 128;
inline constexpr int threads_max = 64;             // of the network, configured
inline constexpr int threads_by_default_max = 16;  // however many processors there are

// Events.
inline constexpr std::size_t payload_bytes_max = 256 * kib;  // default; configurable up to the next line
inline constexpr std::size_t payload_bytes_ceiling = 4 * mib;
inline constexpr std::size_t batch_lines_max = 1'000;
inline constexpr std::size_t batch_bytes_max = 8 * mib;
inline constexpr std::size_t json_depth_max = 64;
inline constexpr std::size_t event_type_chars_max = 128;
inline constexpr std::size_t uid_chars_max = 256;         // payload form; the envelope's own rule is stricter
inline constexpr std::size_t envelope_uid_chars_min = 5;  // contract 2.1
inline constexpr std::size_t envelope_uid_chars_max = 60;
inline constexpr std::size_t reasons_max = 50;
inline constexpr std::size_t field_errors_max = 20;             // named in one answer
inline constexpr std::size_t event_frame_bytes_max = 16 * kib;  // of a request, around its payload
inline constexpr std::size_t idempotency_key_chars_max = 255;
inline constexpr std::size_t idempotency_entries_in_memory_max = 200'000;
inline constexpr std::int64_t idempotency_window_ms = 24LL * 3600 * 1000;

// Credentials.
inline constexpr std::size_t admin_token_chars_min = 8;
inline constexpr std::size_t admin_token_chars_max = 256;
// Wrong credentials from one address: so many at once, then one each so often; the addresses that are remembered.
inline constexpr int auth_failures_burst = 20;
inline constexpr int auth_failure_ms = 6'000;
inline constexpr std::size_t auth_failure_addresses_max = 10'000;
inline constexpr int key_overlap_s_max = 30 * 24 * 3600;

// People (contract 2.9).
inline constexpr std::size_t email_chars_max = 254;  // RFC 5321 with its erratum 1690
inline constexpr std::size_t password_bytes_min = 10;
inline constexpr std::size_t password_bytes_max = 256;
inline constexpr std::size_t password_hash_bytes = 64 * mib;  // of memory, for one; one is made at a time
inline constexpr std::size_t password_hashes_waiting_max = 3;
inline constexpr std::size_t members_per_company_max = 500;
inline constexpr std::size_t invitations_per_company_max = 500;
inline constexpr std::size_t console_sessions_per_member_max = 20;
inline constexpr std::int64_t console_session_ms = 7LL * 24 * 3600 * 1000;
inline constexpr std::int64_t invitation_ms = 24LL * 3600 * 1000;  // contract 2.9
inline constexpr std::int64_t setup_link_ms = 24LL * 3600 * 1000;
inline constexpr std::int64_t reset_link_ms = 3600LL * 1000;
inline constexpr std::int64_t reset_mail_gap_ms = 60LL * 1000;  // between two to the same member
inline constexpr std::size_t link_token_chars_max = 64;         // as sent; one has 43
inline constexpr std::size_t mails_waiting_max = 200;
inline constexpr int mails_within_calls_max = 2;  // of the blocking threads
inline constexpr int mail_timeout_ms = 15'000;
inline constexpr std::int64_t notice_gap_ms = 3600LL * 1000;  // between two about the same endpoint

// Work accepted but not yet committed; beyond it producers get 503 and Retry-After.
inline constexpr std::size_t ingest_queue_events_max = 20'000;
inline constexpr std::size_t ingest_queue_bytes_max = 64 * mib;
inline constexpr std::size_t commit_group_events_max = 2'000;
inline constexpr int commit_linger_us = 200;  // before a group, while groups are of a size between these
inline constexpr std::size_t commit_linger_items_min = 16;
inline constexpr std::size_t commit_linger_items_max = 256;
inline constexpr int accept_wait_ms_max = 500;  // for a lane that drains that fast: sooner than through the store

// Endpoints (contract section 3).
inline constexpr std::size_t url_bytes_max = 2'048;
inline constexpr std::size_t endpoints_per_integration_max = 500;
inline constexpr std::size_t event_types_per_endpoint_max = 100;
inline constexpr std::size_t custom_headers_max = 20;
inline constexpr std::size_t custom_header_value_bytes_max = 4 * kib;
inline constexpr std::size_t secret_bytes_max = 4 * kib;
inline constexpr std::size_t description_chars_max = 500;
inline constexpr std::size_t name_chars_max = 120;
inline constexpr int endpoint_timeout_ms_min = 1'000;
inline constexpr int endpoint_timeout_ms_max = 30'000;
inline constexpr int endpoint_timeout_ms_default = 5'000;
inline constexpr std::size_t tries_max = 30;
inline constexpr int retry_delay_s_max = 7 * 24 * 3600;
inline constexpr int retry_after_s_max = 24 * 3600;
inline constexpr int order_wait_s_default = 600;
inline constexpr int order_wait_s_max = 30 * 24 * 3600;
inline constexpr int in_flight_default = 16;
inline constexpr int in_flight_max = 256;
inline constexpr std::size_t signatures_max = 4;
inline constexpr int secret_overlap_s_default = 24 * 3600;
inline constexpr int secret_overlap_s_max = 30 * 24 * 3600;
inline constexpr std::size_t certificate_pem_bytes_max = 32 * kib;  // chain or key
inline constexpr std::size_t oauth_scope_bytes_max = 1 * kib;
inline constexpr std::size_t filter_bytes_max = 16 * kib;
inline constexpr std::size_t filter_nodes_max = 100;
inline constexpr std::size_t filter_depth_max = 16;
inline constexpr std::size_t filters_compiled_max = 10'000;  // kept in memory, all endpoints together
inline constexpr int rate_per_second_max = 10'000;
inline constexpr int rate_burst_max = 100'000;
inline constexpr int oauth2_token_s_default = 300;  // where the token endpoint does not say
inline constexpr int oauth2_token_s_max = 24 * 3600;
inline constexpr int oauth2_margin_s_max = 30;  // fetched anew so long before its end, or a tenth of its life
inline constexpr std::size_t oauth2_token_bytes_max = 16 * kib;
inline constexpr std::size_t oauth2_answer_bytes_max = 64 * kib;
inline constexpr std::size_t oauth2_tokens_kept_max = 10'000;  // of one worker
inline constexpr int breaker_failures_default = 10;
inline constexpr int breaker_failures_max = 10'000;
inline constexpr int breaker_failure_percent_default = 50;
inline constexpr int breaker_window_s_default = 60;
inline constexpr int breaker_window_s_max = 3'600;
inline constexpr int breaker_deliveries_min = 3;  // different ones among the failures that open a breaker
inline constexpr int probe_gap_s_min = 5;         // after the breaker opened; doubled by every probe that fails
inline constexpr int probe_gap_s_max = 300;
inline constexpr int disable_after_s_default = 5 * 24 * 3600;
inline constexpr int disable_after_s_max = 365 * 24 * 3600;
inline constexpr std::size_t endpoint_settings_bytes_max = 256 * kib;  // as a request body
inline constexpr std::size_t webhook_secret_bytes_min = 24;            // Standard Webhooks v1, decoded
inline constexpr std::size_t webhook_secret_bytes_max = 64;

// Assessments (contract 2.5 to 2.8).
inline constexpr int session_limit_s_default = 24 * 3600;
inline constexpr int session_limit_s_min = 60;
inline constexpr int session_limit_s_max = 36'000'000;
inline constexpr std::size_t assessment_document_bytes_max = 256 * kib;  // a questionnaire or a scorecard
inline constexpr std::size_t questionnaire_items_max = 500;              // of all sections together
inline constexpr std::size_t report_answers_max = questionnaire_items_max;
inline constexpr std::size_t page_visits_max = 100;  // of one session, whose behaviour is kept
inline constexpr std::int64_t item_time_ms_max = 24LL * 3600 * 1000;
inline constexpr std::int32_t item_changes_max = 10'000;
inline constexpr std::int64_t focus_lost_max = 10'000;            // of one visit
inline constexpr std::int64_t away_ms_max = 36'000'000LL * 1000;  // of one visit: the longest session
inline constexpr std::size_t device_features_max = 500;
inline constexpr std::size_t device_permissions_max = 200;          // granted and denied, each
inline constexpr std::size_t token_bytes_max = 8 * kib;             // a session's or a link's, as sent
inline constexpr std::size_t journey_report_bytes_max = 128 * kib;  // answers or device data, as sent
inline constexpr std::size_t token_secret_bytes_min = 32;           // of what signs them: RFC 7518 section 3.2
inline constexpr std::size_t links_per_batch_max = 10'000;
inline constexpr std::size_t links_per_transaction_max = 500;  // made, or erased: the writer has others to serve
inline constexpr std::size_t link_batch_bytes_max = mib;       // as a request body
inline constexpr std::size_t link_batches_unmade_max = 10;     // of one integration, that are still being made
inline constexpr std::size_t generated_uid_chars = 20;         // 119 bits

// The event-type catalogue.
inline constexpr std::size_t event_types_per_company_max = 500;
inline constexpr std::size_t schema_bytes_max = 64 * kib;  // as compact JSON
inline constexpr std::size_t example_bytes_max = 32 * kib;
inline constexpr std::size_t event_type_settings_bytes_max = 256 * kib;  // as a request body
inline constexpr std::size_t schema_chain_max = 32;         // schemas for one value, each reached from the one before
inline constexpr std::size_t schema_steps_max = 1'000'000;  // to hold one document against one schema
inline constexpr std::size_t schema_patterns_max = 100;
inline constexpr std::size_t schema_pattern_bytes_max = 1 * kib;
inline constexpr std::size_t schemas_compiled_max = 2'000;  // kept in memory, of all companies

// Receiving (src/receiver).
inline constexpr int timestamp_tolerance_s_default = 300;   // Standard Webhooks' own advice
inline constexpr std::size_t verified_signatures_max = 16;  // candidates read from one webhook-signature header
inline constexpr std::size_t seen_events_max_default = 65'536;

// Delivering.
inline constexpr std::size_t lane_queue_deliveries_max = 4'096;        // queued in memory, one lane
inline constexpr std::size_t lane_busy_deliveries = 2'048;             // from here on, accepting waits for it to drain
inline constexpr std::size_t lanes_queue_bytes_max = 24 * mib;         // queued in memory, all lanes together
inline constexpr std::size_t lanes_queue_bytes_shared_max = 16 * mib;  // of them, by lanes beyond the next line
inline constexpr std::size_t lane_queue_bytes_min = 32 * kib;      // what one lane may hold although others are full
inline constexpr std::size_t chain_waiting_max = 256;              // of one uid, in memory behind its first
inline constexpr std::size_t attempts_in_flight_max = 2'048;       // all lanes of one worker
inline constexpr std::size_t attempt_headers_bytes_max = 4 * kib;  // kept as evidence (contract section 1)
inline constexpr std::size_t attempt_body_bytes_max = 4 * kib;
inline constexpr std::size_t response_head_bytes_max = 64 * kib;
inline constexpr std::size_t response_headers_max = 200;
inline constexpr std::size_t response_body_bytes_max = 1 * mib;  // read and dropped to keep a connection; beyond: error
inline constexpr std::size_t idle_connections_per_origin_max = 64;
inline constexpr int idle_connection_ms_max = 20'000;
// What was parked goes out at so many deliveries a second, doubled every second, for each endpoint.
inline constexpr int release_burst = 100;  // at once, before that
inline constexpr int release_per_s_min = 100;
inline constexpr int release_per_s_max = 12'800;
inline constexpr std::size_t watermark_lag_deliveries_max = 65'536;
inline constexpr int watermark_lag_ms_max = 2'000;
inline constexpr int dns_ttl_s_min = 5;
inline constexpr int dns_ttl_s_max = 300;
inline constexpr int dns_negative_ttl_s = 2;
inline constexpr int dns_timeout_ms_max = 10'000;
inline constexpr int dns_try_timeout_ms = 2'000;  // the first try; each round doubles it
inline constexpr std::size_t dns_cache_names_max = 4'096;
inline constexpr std::size_t addresses_per_name_max = 16;
inline constexpr std::size_t host_name_chars_max = 253;  // RFC 1035 section 2.3.4, without the final dot
inline constexpr std::size_t host_label_chars_max = 63;
inline constexpr std::size_t connect_answer_bytes_max = 8 * kib;  // of a proxy, to CONNECT
inline constexpr int connect_try_ms_min = 250;  // one address's share of the deadline, while others are left to try
inline constexpr int deadline_sweep_ms = 20;    // how late an overdue exchange may be noticed
inline constexpr int idle_sweep_ms = 1'000;
inline constexpr std::size_t idle_connections_max = 2'048;     // of one client, that is of one thread
inline constexpr std::size_t interim_responses_max = 8;        // 1xx before one final answer
inline constexpr std::size_t response_buffer_bytes = 4 * kib;  // grows up to the head's limit where one needs it
inline constexpr std::size_t response_buffers_kept_max = 64;

// Test webhooks: a slow receiver holds each of them, and who waits for it, for the endpoint's timeout.
inline constexpr int test_webhooks_out_max = 4;  // to one endpoint
inline constexpr int test_retry_after_s = 5;

// Store.
inline constexpr int read_ms_max = 80;        // of one page; it is short then, with a cursor to go on from
inline constexpr int read_steps_min = 2'000;  // ids looked at in any case: a slow disk does not make pages empty
inline constexpr std::size_t page_rows_default = 50;
inline constexpr std::size_t page_rows_max = 500;
inline constexpr int retention_days_default = 30;
inline constexpr int retention_days_max = 3'650;
inline constexpr std::size_t retention_chunk_events = 200;
inline constexpr std::size_t request_log_rows_max = 10'000;
inline constexpr std::size_t request_log_rows_per_s_max = 200;
inline constexpr std::size_t request_log_waiting_max = 1'000;  // in memory, not yet written
// Of requests that could not be read, on each network thread: whoever sends rubbish fills no log.
inline constexpr int request_log_unreadable_per_s_max = 10;
inline constexpr int audit_days_max = 400;  // of the log of changes: a year, and time to look back at it
inline constexpr std::size_t audit_rows_max = 1'000'000;
inline constexpr std::size_t index_batch_events_max = 8'192;
inline constexpr std::int64_t index_segment_events = 131'072;  // one part of index.db's random keys; about 5 MB
inline constexpr std::size_t index_types_in_memory_max = 10'000;
inline constexpr int index_wake_ms_min = 250;      // between two batches that are not full
inline constexpr int index_retry_ms = 5'000;       // after a failed read or write
inline constexpr int retention_pass_ms = 600'000;  // between two looks at all that may be old
inline constexpr int retention_pause_ms = 10;      // between two chunks, for the writer to breathe
inline constexpr std::size_t retention_trim_rows = 500;
// How far back the wall clock may be set: until it has caught up, rows are dated with the latest time before.
inline constexpr std::int64_t clock_step_ms_max = 120'000;
inline constexpr std::size_t disk_free_bytes_low_water = 64 * mib;

// Erasing a person: what one unit of work of the writer does.
inline constexpr std::size_t erasure_step_events = 100;
inline constexpr std::uint64_t erasure_step_bytes = 4 * mib;  // of payloads, and of what retention removes
inline constexpr std::size_t erasure_step_changes = 5'000;    // entries of the log of changes looked at
inline constexpr int journal_fold_wait_ms = 100;              // the writer waits for readers no longer
inline constexpr int journal_fold_tries = 30;
inline constexpr int journal_fold_pause_ms = 100;
inline constexpr int erasure_retry_after_s = 2;  // while another one runs
inline constexpr int journal_fold_retry_after_s = 60;
inline constexpr std::uint64_t export_bytes_max = 8 * mib;  // of payloads in one page of an export, beyond its first

// Sending again, as jobs in the writer's housekeeping: ten steps a second beside all else.
inline constexpr std::size_t jobs_running_per_integration_max = 4;
inline constexpr std::size_t jobs_kept_per_integration_max = 200;  // of those that have ended
inline constexpr std::size_t job_step_finds_max = 200;             // re-queued in one step
inline constexpr std::size_t job_step_rows_max = 2'000;            // looked at in one step
inline constexpr int job_step_ms_max = 10;
inline constexpr int job_count_ms_max = 200;  // for the count of a new job's deliveries; beyond: not counted

// Certificates (contract section 4).
inline constexpr std::size_t certificate_rules_per_integration_max = 1'000;
inline constexpr std::size_t lessons_per_rule_max = 200;
inline constexpr int validity_days_max = 36'500;
inline constexpr std::size_t users_per_award_max = 1'000;
inline constexpr std::size_t expiries_per_transaction_max = 200;
inline constexpr int expiry_look_ms = 500;                 // how late the end of anything may be noticed
inline constexpr std::size_t list_scan_rows_max = 10'000;  // looked at for one page of a filtered list
inline constexpr std::size_t csv_rows_max = 10'000;        // of one answer; the next part by cursor

// External scorers (docs/scoring.md).
inline constexpr std::size_t scorings_out_per_integration_max = 16;
inline constexpr std::size_t scorings_out_max = 512;  // all integrations together
inline constexpr std::size_t scorer_answer_bytes_max = 64 * kib;

// Simulating (posthorn simulate).
inline constexpr int simulated_people_max = 1'000'000;
inline constexpr int simulated_at_once_max = 1'000;
inline constexpr int simulated_patience_ms = 60'000;  // for one request, repeated; a server may start again meanwhile
inline constexpr std::size_t simulated_uid_prefix_chars_max = 50;
static_assert(simulated_uid_prefix_chars_max + 1 + 7 <= envelope_uid_chars_max, "a hyphen and the largest number");

inline constexpr std::size_t stats_endpoints_max = 100;  // told one by one, those that need attention first

// The live tail.
inline constexpr std::size_t live_attempts_kept = 1'000;
inline constexpr std::size_t live_attempts_a_pause = 100;  // more are left out: nobody reads faster
inline constexpr int live_pause_ms = 250;
inline constexpr int live_heartbeat_ms = 10'000;
inline constexpr int live_s_max = 24 * 3600;

// Diagnosing (contract 2.10).
inline constexpr std::size_t diagnosed_rows_max = 50;       // sessions, and events, that are looked at
inline constexpr std::size_t diagnosed_requests_max = 500;  // refused calls
inline constexpr std::int64_t diagnosed_requests_ms = 24 * 3600 * 1000;

// Readiness: what is due has waited this long though it could be sent, or the writer has made no turn for as long.
inline constexpr int engine_stuck_ms = 90'000;
inline constexpr int traffic_flush_ms = 10'000;              // between two additions to the counts
inline constexpr std::size_t traffic_flush_endpoints = 500;  // added in one step of housekeeping
inline constexpr int engine_survey_ms = 1'000;               // between two looks at what waits

// Stopping.
inline constexpr int stop_deadline_ms = 35'000;

static_assert(batch_bytes_max <= request_body_bytes_max);
static_assert(request_body_bytes_max <= server_bodies_bytes_max);
static_assert(request_target_bytes_max < request_head_bytes_max);
static_assert(payload_bytes_max <= payload_bytes_ceiling && payload_bytes_ceiling < batch_bytes_max);
static_assert(endpoint_timeout_ms_default >= endpoint_timeout_ms_min &&
              endpoint_timeout_ms_default <= endpoint_timeout_ms_max);
static_assert(engine_stuck_ms >= 3 * endpoint_timeout_ms_max, "a receiver that hangs is no engine that is stuck");
static_assert(stop_deadline_ms > endpoint_timeout_ms_max, "an attempt in flight may finish before the stop's deadline");
static_assert(probe_gap_s_min <= probe_gap_s_max && release_per_s_min <= release_per_s_max);
static_assert(response_buffer_bytes <= response_head_bytes_max);
static_assert(dns_try_timeout_ms < dns_timeout_ms_max);
static_assert(lane_busy_deliveries + batch_lines_max <= lane_queue_deliveries_max, "who waited finds room in the lane");
static_assert(batch_lines_max <= commit_group_events_max, "a batch commits in one transaction");
static_assert(batch_bytes_max <= ingest_queue_bytes_max);
static_assert(lanes_queue_bytes_shared_max + payload_bytes_ceiling + 100 * lane_queue_bytes_min <=
                  lanes_queue_bytes_max,
              "beside what lanes share, a hundred have what they are sure of, and an empty one the largest payload");

}  // namespace posthorn::base::limits
