// Every handler of the API, one file a noun: the table in routes.cpp names them.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "api/call.hpp"
#include "api/routes.hpp"

namespace posthorn::api {

using handled = boost::asio::awaitable<answer>;

// event_routes.cpp: the way in.
handled create_event(call& from);
handled create_event_batch(call& from);

// event_list_routes.cpp
handled list_events(call& from);
handled get_event(call& from);
handled get_payload(call& from);

// delivery_routes.cpp
handled list_deliveries(call& from);
handled get_delivery(call& from);
handled retry_delivery(call& from);
handled cancel_delivery(call& from);
handled replay_delivery(call& from);

// webhook_test_routes.cpp
handled test_webhooks(call& from);
handled test_endpoint(call& from);

// stats_routes.cpp
handled get_stats(call& from);

// stream_routes.cpp
handled get_stream(call& from);

// diagnose_routes.cpp
handled get_diagnosis(call& from);
handled get_diagnosis_bundle(call& from);

// replay_routes.cpp: many at once are jobs.
handled replay_event(call& from);
handled retry_deliveries(call& from);
handled create_replay(call& from);
handled recover_endpoint(call& from);

// job_routes.cpp
handled list_jobs(call& from);
handled get_job(call& from);
handled cancel_job(call& from);

// login_routes.cpp: entering the console, and what is a member's own.
handled log_in(call& from);
handled get_me(call& from);
handled change_me(call& from);
handled log_out(call& from);
handled log_out_everywhere(call& from);
handled change_password(call& from);

// entry_routes.cpp: entering by a link that works once.
handled set_up(call& from);
handled ask_for_reset(call& from);
handled finish_reset(call& from);
handled show_invitation(call& from);
handled accept_invitation(call& from);

// member_routes.cpp
handled list_members(call& from);
handled change_member(call& from);
handled remove_member(call& from);
handled end_member_sessions(call& from);
handled make_member_reset_link(call& from);

// invitation_routes.cpp
handled list_invitations(call& from);
handled create_invitation(call& from);
handled resend_invitation(call& from);
handled delete_invitation(call& from);

// company_routes.cpp
handled list_companies(call& from);
handled create_company(call& from);

// deployment_routes.cpp
handled list_deployments(call& from);
handled create_deployment(call& from);
handled get_deployment(call& from);
handled change_deployment(call& from);
handled delete_deployment(call& from);

// integration_routes.cpp
handled get_integration(call& from);
handled change_integration(call& from);
handled rotate_key(call& from);
handled reveal_keys(call& from);

// event_type_routes.cpp
handled list_event_types(call& from);
handled get_event_type(call& from);
handled put_event_type(call& from);
handled delete_event_type(call& from);

// endpoint_routes.cpp
handled list_endpoints(call& from);
handled list_endpoint_presets(call& from);
handled create_endpoint(call& from);
handled get_endpoint(call& from);
handled change_endpoint(call& from);
handled delete_endpoint(call& from);
handled rotate_endpoint_secret(call& from);
handled enable_endpoint(call& from);
handled pause_endpoint(call& from);
handled disable_endpoint(call& from);

// certificate_rule_routes.cpp
handled list_certificate_rules(call& from);
handled create_certificate_rule(call& from);
handled change_certificate_rule(call& from);
handled delete_certificate_rule(call& from);

// certificate_routes.cpp
handled complete_lesson(call& from);
handled list_certificates(call& from);
handled award_certificates(call& from);
handled get_certificate(call& from);
handled renew_certificate(call& from);
handled revoke_certificate(call& from);

// page_routes.cpp: the hosted assessment page, and the console.
handled get_assessment_page(call& from);
handled get_assessment_file(call& from);
handled go_to_console(call& from);
handled get_console_page(call& from);
handled get_console_file(call& from);

// session_routes.cpp
handled create_session_token(call& from);
handled list_sessions(call& from);
handled get_session(call& from);
handled score_session(call& from);

// result_routes.cpp
handled list_results(call& from);
handled get_result(call& from);

// link_routes.cpp
handled create_link_batch(call& from);
handled list_link_batches(call& from);
handled get_link_batch(call& from);
handled list_links(call& from);
handled get_link(call& from);
handled regenerate_link(call& from);

// link_open_routes.cpp: a person comes by a link.
handled open_link(call& from);
// person_routes.cpp
handled export_person(call& from);
handled erase_person(call& from);

// journey_routes.cpp: a person's own session.
handled get_journey(call& from);
handled open_journey(call& from);
handled answer_policy(call& from);
handled give_answers(call& from);
handled give_device_data(call& from);
handled submit_journey(call& from);
handled exit_journey(call& from);

// operator_routes.cpp
handled list_changes(call& from);
handled list_requests(call& from);
handled get_health(call& from);
handled get_readiness(call& from);
handled get_metrics(call& from);
handled get_description(call& from);

}  // namespace posthorn::api
