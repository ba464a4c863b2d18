#include "scorer/scorer_request.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "assessment/answers.hpp"
#include "assessment/device_data.hpp"
#include "base/id.hpp"
#include "signing/signer.hpp"

namespace posthorn::scorer {
namespace {

namespace json = boost::json;

json::object to_json(const model::document_ref& of) { return {{"key", of.key}, {"version", of.version}}; }

base::result<void> add_answers(json::object& into, const store::session_record& from) {
  const auto sheet = assessment::read_sheet(from.given);
  if (!sheet) return std::unexpected(sheet.error());
  json::array all;
  for (const auto& [item, choice] : sheet->answers) {
    const auto seen = sheet->behaviour.items.find(item);
    const auto how = seen == sheet->behaviour.items.end() ? assessment::item_behaviour{} : seen->second;
    all.push_back({{"item", item},
                   {"choice", choice},
                   {"time_ms", how.time_ms > 0 ? json::value(how.time_ms) : json::value()},
                   {"changes", how.changes}});
  }
  std::int64_t focus_lost = 0, away_ms = 0;
  for (const auto& [name, visit] : sheet->behaviour.visits) {
    focus_lost += visit.focus_lost;
    away_ms += visit.away_ms;
  }
  into["questionnaire"] = to_json(from.questionnaire);
  into["answers"] = std::move(all);
  into["focus_lost"] = focus_lost;
  into["away_ms"] = away_ms;
  return {};
}

base::result<void> add_device(json::object& into, const store::session_record& from) {
  const auto data = assessment::read_device_data(from.given);
  if (!data) return std::unexpected(data.error());
  json::object features;
  for (const auto& [key, value] : data->features) features[key] = value;
  into["features"] = std::move(features);
  into["permissions_granted"] = json::value_from(data->permissions_granted);
  into["permissions_denied"] = json::value_from(data->permissions_denied);
  return {};
}

}  // namespace

base::result<std::string> request_body(const model::integration& of, const store::session_record& about) {
  const model::session& one = about.value;
  json::object body{{"session_id", base::format_id(base::session_prefix, one.id)},
                    {"integration_id", of.integration_id},
                    {"environment", model::to_string(of.env)},
                    {"uid", one.uid},
                    {"platform", model::to_string(one.platform)},
                    {"completed_at", one.ended_at / 1000}};
  auto added = one.platform == model::platform::web ? add_answers(body, about) : add_device(body, about);
  if (!added) return std::unexpected(std::move(added.error()));
  return json::serialize(body);
}

base::result<std::string> request_head(const net::endpoint_url& to, std::string_view user_agent,
                                       const store::integration_entry& of, model::session_id about,
                                       std::string_view body, base::epoch_ms now_wall) {
  const std::array<signing::scheme_secret, 1> by{{{signing::scheme::x_signature, {}}}};
  auto sign = signing::signer::make(by, of.x_signature_key(now_wall).text);
  if (!sign) return std::unexpected(std::move(sign.error()));
  const std::string id = base::format_id(base::session_prefix, about);
  const std::string timestamp = std::to_string(now_wall / 1000);
  std::string head = fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
      "Content-Length: {}\r\nwebhook-id: {}\r\nwebhook-timestamp: {}\r\n",
      to.target, to.authority, user_agent, body.size(), id, timestamp);
  sign->append_headers(head, {id, timestamp, body});
  head += "\r\n";
  return head;
}

}  // namespace posthorn::scorer
