#include "signing/signer.hpp"

namespace posthorn::signing {
namespace {

base::result<std::variant<v1_key, v1a_secret_key>> parse_standard(const scheme_secret& setting) {
  if (setting.kind == scheme::standard_v1) return v1_key::parse(setting.secret);
  return v1a_secret_key::parse(setting.secret);
}

}  // namespace

base::result<signer> signer::make(std::span<const scheme_secret> settings, std::string_view api_key) {
  signer made;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const std::string pointer = "/signatures/" + std::to_string(i);
    if (settings[i].kind == scheme::x_signature) {
      if (api_key.empty()) {
        return base::fail_at(base::fault::invalid_field, pointer, "x_signature needs an API key to sign with");
      }
      made.x_signature_.emplace(api_key);
      continue;
    }
    auto key = parse_standard(settings[i]);
    if (!key) return base::fail_at(base::fault::invalid_field, pointer + "/secret", key.error().detail);
    made.standard_.push_back(std::move(*key));
  }
  return made;
}

void signer::append_headers(std::string& out, const webhook_message& message) {
  if (x_signature_) {
    out.append(x_signature_header).append(": ");
    x_signature_->append(out, message.body);
    out.append("\r\n");
  }
  if (standard_.empty()) return;
  out.append(webhook_signature_header).append(":");
  for (auto& key : standard_) {
    out.append(" ");
    std::visit([&](auto& each) { each.append(out, message); }, key);
  }
  out.append("\r\n");
}

}  // namespace posthorn::signing
