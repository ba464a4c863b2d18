#include "api/routes.hpp"

#include "api/handlers.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace limits = base::limits;

constexpr std::size_t small = 64 * limits::kib;
constexpr std::size_t whole_event = 0;
constexpr std::string_view by_name = "integration_id";
constexpr std::string_view by_company = "company_id integration_id";
constexpr std::string_view page = "limit cursor";
constexpr bool traffic = true;

// The hot one first. Methods of one pattern stand together.
constexpr std::array table = {
    route{"POST", "/v1/events", scope::integration, body_kind::json, whole_event, by_name, create_event, traffic},
    route{"POST", "/v1/events/batch", scope::integration, body_kind::ndjson, limits::batch_bytes_max, by_name,
          create_event_batch, traffic},
    route{"GET", "/v1/events", scope::integration, body_kind::none, 0,
          "integration_id uid type since until state endpoint_id limit cursor", list_events},
    route{"GET", "/v1/events/{id}", scope::integration, body_kind::none, 0, by_name, get_event},
    route{"POST", "/v1/events/{id}/replay", scope::integration, body_kind::json, small, by_name, replay_event},
    route{"GET", "/v1/events/{id}/payload", scope::integration, body_kind::none, 0, by_name, get_payload},

    route{"GET", "/v1/deliveries", scope::integration, body_kind::none, 0,
          "integration_id state endpoint_id limit cursor", list_deliveries},
    route{"GET", "/v1/deliveries/{id}", scope::integration, body_kind::none, 0, by_name, get_delivery},
    route{"POST", "/v1/deliveries/{id}/retry", scope::integration, body_kind::none, 0, by_name, retry_delivery},
    route{"POST", "/v1/deliveries/{id}/replay", scope::integration, body_kind::none, 0, by_name, replay_delivery},
    route{"POST", "/v1/deliveries/{id}/cancel", scope::integration, body_kind::none, 0, by_name, cancel_delivery},
    route{"POST", "/v1/deliveries/retry", scope::integration, body_kind::json, small, by_name, retry_deliveries},
    route{"POST", "/v1/replays", scope::integration, body_kind::json, small, by_name, create_replay},
    route{"GET", "/v1/jobs", scope::integration, body_kind::none, 0, "integration_id limit cursor", list_jobs},
    route{"GET", "/v1/jobs/{id}", scope::integration, body_kind::none, 0, by_name, get_job},
    route{"POST", "/v1/jobs/{id}/cancel", scope::integration, body_kind::none, 0, by_name, cancel_job},

    route{"GET", "/v1/stats", scope::integration, body_kind::none, 0, "integration_id range endpoint_id", get_stats},
    route{"GET", "/v1/stream", scope::integration, body_kind::none, 0, "integration_id seconds", get_stream},
    route{"GET", "/v1/diagnose", scope::integration, body_kind::none, 0, "integration_id uid", get_diagnosis},
    route{"GET", "/v1/diagnose/bundle", scope::integration, body_kind::none, 0, "integration_id uid",
          get_diagnosis_bundle},

    route{"GET", "/v1/companies", scope::admin, body_kind::none, 0, page, list_companies},
    route{"POST", "/v1/companies", scope::admin, body_kind::json, small, "", create_company},
    route{"GET", "/v1/deployments", scope::company, body_kind::none, 0, "company_id limit cursor", list_deployments},
    route{"POST", "/v1/deployments", scope::company, body_kind::json, small, "", create_deployment},
    route{"GET", "/v1/deployments/{id}", scope::company, body_kind::none, 0, "", get_deployment},
    route{"PATCH", "/v1/deployments/{id}", scope::company, body_kind::json, small, "", change_deployment},
    route{"DELETE", "/v1/deployments/{id}", scope::company, body_kind::none, 0, "", delete_deployment},
    route{"GET", "/v1/integrations/{integration_id}", scope::integration, body_kind::none, 0, "", get_integration},
    route{"PATCH", "/v1/integrations/{integration_id}", scope::integration, body_kind::json, small, "",
          change_integration},
    route{"POST", "/v1/integrations/{integration_id}/keys/rotate", scope::integration, body_kind::json, small, "",
          rotate_key},
    route{"POST", "/v1/integrations/{integration_id}/keys/reveal", scope::company, body_kind::none, 0, "", reveal_keys},

    route{"GET", "/v1/event-types", scope::integration, body_kind::none, 0, "company_id integration_id limit cursor",
          list_event_types},
    route{"GET", "/v1/event-types/{name}", scope::integration, body_kind::none, 0, by_company, get_event_type},
    route{"PUT", "/v1/event-types/{name}", scope::company, body_kind::json, limits::event_type_settings_bytes_max,
          by_company, put_event_type},
    route{"DELETE", "/v1/event-types/{name}", scope::company, body_kind::none, 0, by_company, delete_event_type},

    route{"GET", "/v1/endpoints", scope::integration, body_kind::none, 0, "integration_id limit cursor",
          list_endpoints},
    route{"POST", "/v1/endpoints", scope::integration, body_kind::json, limits::endpoint_settings_bytes_max, by_name,
          create_endpoint},
    route{"GET", "/v1/endpoints/{id}", scope::integration, body_kind::none, 0, by_name, get_endpoint},
    route{"PATCH", "/v1/endpoints/{id}", scope::integration, body_kind::json, limits::endpoint_settings_bytes_max,
          by_name, change_endpoint},
    route{"DELETE", "/v1/endpoints/{id}", scope::integration, body_kind::none, 0, by_name, delete_endpoint},
    route{"POST", "/v1/endpoints/{id}/enable", scope::integration, body_kind::none, 0, by_name, enable_endpoint},
    route{"POST", "/v1/endpoints/{id}/pause", scope::integration, body_kind::none, 0, by_name, pause_endpoint},
    route{"POST", "/v1/endpoints/{id}/disable", scope::integration, body_kind::none, 0, by_name, disable_endpoint},
    route{"POST", "/v1/endpoints/{id}/test", scope::integration, body_kind::none, 0, "integration_id event_type",
          test_endpoint, traffic},
    route{"POST", "/v1/endpoints/{id}/recover", scope::integration, body_kind::json, small, by_name, recover_endpoint},
    route{"POST", "/v1/endpoints/{id}/rotate-secret", scope::integration, body_kind::json, small, by_name,
          rotate_endpoint_secret},
    route{"GET", "/v1/endpoint-presets", scope::integration, body_kind::none, 0, by_name, list_endpoint_presets},

    route{"GET", "/v1/certificate-rules", scope::integration, body_kind::none, 0, by_name, list_certificate_rules},
    route{"POST", "/v1/certificate-rules", scope::integration, body_kind::json, small, by_name,
          create_certificate_rule},
    route{"PATCH", "/v1/certificate-rules/{id}", scope::integration, body_kind::json, small, by_name,
          change_certificate_rule},
    route{"DELETE", "/v1/certificate-rules/{id}", scope::integration, body_kind::none, 0, by_name,
          delete_certificate_rule},
    route{"POST", "/v1/lesson-completions", scope::integration, body_kind::json, small, by_name, complete_lesson,
          traffic},
    route{"GET", "/v1/certificates", scope::integration, body_kind::none, 0,
          "integration_id user_id rule_id state since until expires_before format limit cursor", list_certificates},
    route{"POST", "/v1/certificates", scope::integration, body_kind::json, small, by_name, award_certificates},
    route{"GET", "/v1/certificates/{id}", scope::integration, body_kind::none, 0, by_name, get_certificate},
    route{"POST", "/v1/certificates/{id}/renew", scope::integration, body_kind::none, 0, by_name, renew_certificate},
    route{"POST", "/v1/certificates/{id}/revoke", scope::integration, body_kind::none, 0, by_name, revoke_certificate},

    route{"POST", "/v1/sessions-management/tokens", scope::integration, body_kind::json, small, "",
          create_session_token, true, error_form::plain},
    route{"POST", "/v1/webhooks-management/test", scope::integration, body_kind::none, 0, "endpoint_id integration_id",
          test_webhooks, traffic, error_form::webhook_test},
    route{"GET", "/v1/sessions", scope::integration, body_kind::none, 0, "integration_id uid state limit cursor",
          list_sessions},
    route{"GET", "/v1/sessions/{id}", scope::integration, body_kind::none, 0, by_name, get_session},
    route{"POST", "/v1/sessions/{id}/score", scope::integration, body_kind::none, 0, by_name, score_session},
    route{"GET", "/v1/results", scope::integration, body_kind::none, 0,
          "integration_id uid state risk_band since until format limit cursor", list_results},
    route{"GET", "/v1/results/{session_id}", scope::integration, body_kind::none, 0, by_name, get_result},
    route{"GET", "/v1/people/{uid}", scope::integration, body_kind::none, 0, "integration_id limit cursor",
          export_person, !traffic, error_form::problem, true, least_role::admin},
    route{"DELETE", "/v1/people/{uid}", scope::integration, body_kind::none, 0, by_name, erase_person},

    route{"POST", "/v1/link-batches", scope::integration, body_kind::json_or_csv, limits::link_batch_bytes_max,
          "integration_id name", create_link_batch},
    route{"GET", "/v1/link-batches", scope::integration, body_kind::none, 0, "integration_id limit cursor",
          list_link_batches},
    route{"GET", "/v1/link-batches/{id}", scope::integration, body_kind::none, 0, by_name, get_link_batch},
    route{"GET", "/v1/link-batches/{id}/links", scope::integration, body_kind::none, 0,
          "integration_id format limit cursor", list_links},
    route{"GET", "/v1/links/{id}", scope::integration, body_kind::none, 0, by_name, get_link},
    route{"POST", "/v1/links/{id}/regenerate", scope::integration, body_kind::none, 0, by_name, regenerate_link},

    route{"POST", "/v1/journey/link", scope::open, body_kind::json, small, "", open_link, traffic},
    route{"GET", "/v1/journey", scope::journey, body_kind::none, 0, "", get_journey},
    route{"POST", "/v1/journey/open", scope::journey, body_kind::none, 0, "", open_journey},
    route{"POST", "/v1/journey/consent", scope::journey, body_kind::json, small, "", answer_policy},
    route{"POST", "/v1/journey/answers", scope::journey, body_kind::json, limits::journey_report_bytes_max, "",
          give_answers},
    route{"POST", "/v1/journey/device", scope::journey, body_kind::json, limits::journey_report_bytes_max, "",
          give_device_data},
    route{"POST", "/v1/journey/submit", scope::journey, body_kind::json, small, "", submit_journey},
    route{"POST", "/v1/journey/exit", scope::journey, body_kind::none, 0, "", exit_journey},

    route{"POST", "/v1/auth/login", scope::open, body_kind::json, small, "", log_in},
    route{"GET", "/v1/auth/me", scope::member, body_kind::none, 0, "", get_me},
    route{"PATCH", "/v1/auth/me", scope::member, body_kind::json, small, "", change_me},
    route{"POST", "/v1/auth/logout", scope::member, body_kind::none, 0, "", log_out},
    route{"POST", "/v1/auth/logout-all", scope::member, body_kind::none, 0, "", log_out_everywhere},
    route{"POST", "/v1/auth/password", scope::member, body_kind::json, small, "", change_password},
    route{"POST", "/v1/auth/setup", scope::open, body_kind::json, small, "", set_up},
    route{"POST", "/v1/auth/reset", scope::open, body_kind::json, small, "", ask_for_reset, traffic},
    route{"POST", "/v1/auth/reset/confirm", scope::open, body_kind::json, small, "", finish_reset},
    route{"POST", "/v1/auth/invitation", scope::open, body_kind::json, small, "", show_invitation, traffic},
    route{"POST", "/v1/auth/accept", scope::open, body_kind::json, small, "", accept_invitation},

    route{"GET", "/v1/members", scope::company, body_kind::none, 0, "company_id limit cursor", list_members},
    route{"PATCH", "/v1/members/{id}", scope::company, body_kind::json, small, "company_id", change_member},
    route{"DELETE", "/v1/members/{id}", scope::company, body_kind::none, 0, "company_id", remove_member},
    route{"POST", "/v1/members/{id}/end-sessions", scope::company, body_kind::none, 0, "company_id",
          end_member_sessions},
    route{"POST", "/v1/members/{id}/reset-link", scope::company, body_kind::none, 0, "company_id",
          make_member_reset_link},
    route{"GET", "/v1/invitations", scope::company, body_kind::none, 0, "company_id limit cursor", list_invitations},
    route{"POST", "/v1/invitations", scope::company, body_kind::json, small, "company_id", create_invitation},
    route{"DELETE", "/v1/invitations/{id}", scope::company, body_kind::none, 0, "company_id", delete_invitation},
    route{"POST", "/v1/invitations/{id}/resend", scope::company, body_kind::none, 0, "company_id", resend_invitation},

    route{"GET", "/assess/", scope::open, body_kind::none, 0, "", get_assessment_page},
    route{"GET", "/assess/link", scope::open, body_kind::none, 0, "", get_assessment_page},
    route{"GET", "/assess/{file}", scope::open, body_kind::none, 0, "", get_assessment_file},
    route{"GET", "/", scope::open, body_kind::none, 0, "", go_to_console},
    route{"GET", "/console", scope::open, body_kind::none, 0, "", go_to_console},
    route{"GET", "/console/", scope::open, body_kind::none, 0, any_query, get_console_page},
    route{"GET", "/console/{rest}", scope::open, body_kind::none, 0, any_query, get_console_file},

    route{"GET", "/v1/audit", scope::integration, body_kind::none, 0, "integration_id limit cursor", list_changes},
    route{"GET", "/v1/request-log", scope::integration, body_kind::none, 0, "integration_id limit cursor",
          list_requests},
    route{"GET", "/healthz", scope::health, body_kind::none, 0, "", get_health},
    route{"GET", "/readyz", scope::health, body_kind::none, 0, "", get_readiness},
    route{"GET", "/metrics", scope::ops, body_kind::none, 0, "", get_metrics},
    route{"GET", "/openapi.json", scope::open, body_kind::none, 0, "", get_description},
};

}  // namespace

std::span<const route> routes() noexcept { return table; }

}  // namespace posthorn::api
