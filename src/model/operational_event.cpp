#include "model/operational_event.hpp"

#include "base/id.hpp"
#include "base/json_text.hpp"

namespace posthorn::model {
namespace {

// {"type":…,"timestamp":…,"data":{ and whatever is added }}
class payload {
 public:
  payload(std::string_view type, base::epoch_ms at) {
    text_ = "{\"type\":";
    base::append_json_string(text_, type);
    text_ += ",\"timestamp\":";
    base::append_json_string(text_, base::to_rfc3339(at));
    text_ += ",\"data\":{";
  }

  payload& add(std::string_view name, std::string_view value) {
    begin(name);
    base::append_json_string(text_, value);
    return *this;
  }
  payload& add(std::string_view name, std::int32_t value) {
    begin(name);
    text_ += std::to_string(value);
    return *this;
  }
  payload& add_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? add_null(name) : add(name, value);
  }
  payload& add_time(std::string_view name, base::epoch_ms at) {
    return at == 0 ? add_null(name) : add(name, base::to_rfc3339(at));
  }
  payload& add_null(std::string_view name) {
    begin(name);
    text_ += "null";
    return *this;
  }

  [[nodiscard]] std::string finish() && { return std::move(text_) + "}}"; }

 private:
  void begin(std::string_view name) {
    if (!text_.ends_with('{')) text_ += ',';
    base::append_json_string(text_, name);
    text_ += ':';
  }

  std::string text_;
};

}  // namespace

std::string payload_of(const endpoint_news& what) {
  payload made(what.type, what.at);
  made.add("integration_id", what.integration_id)
      .add("endpoint_id", base::format_id(base::endpoint_prefix, what.endpoint))
      .add("state", to_string(what.state))
      .add_or_null("reason", what.reason)
      .add_time("failing_since", what.failing_since)
      .add_time("next_probe_at", what.next_probe_at);
  return std::move(made).finish();
}

std::string payload_of(const failed_delivery_news& what) {
  payload made(news::delivery_failed, what.at);
  made.add("integration_id", what.integration_id)
      .add("delivery_id", base::format_id(base::delivery_prefix, what.delivery))
      .add("event_id", base::format_id(base::event_prefix, what.event))
      .add("event_type", what.event_type)
      .add_or_null("uid", what.uid)
      .add("endpoint_id", base::format_id(base::endpoint_prefix, what.endpoint))
      .add("attempts", what.attempts);
  what.last_status == 0 ? made.add_null("last_status") : made.add("last_status", what.last_status);
  made.add_or_null("last_error", what.last_error == error_class::none ? "" : to_string(what.last_error));
  return std::move(made).finish();
}

}  // namespace posthorn::model
