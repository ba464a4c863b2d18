#include "mail/people_letters.hpp"

#include <fmt/format.h>

#include "base/id.hpp"

namespace posthorn::mail {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

// Paragraphs, the link among them, and what to do if it came by mistake.
letter with_link(std::string to, std::string subject, std::string_view says, std::string_view action,
                 std::string_view link, std::string_view closing) {
  letter made{.to = std::move(to), .subject = std::move(subject), .text = {}, .html = {}};
  made.text = fmt::format("{}\n\n{}:\n{}\n\n{}\n", says, action, link, closing);
  made.html = fmt::format(
      "<!doctype html><html><body style=\"font-family:sans-serif\"><p>{}</p><p><a href=\"{}\">{}</a></p><p>{}</p>"
      "</body></html>\n",
      escaped(says), escaped(link), escaped(action), escaped(closing));
  return made;
}

std::string_view role_text(model::member_role role) {
  return role == model::member_role::admin ? "You will be an admin." : "You will be able to see everything there.";
}

}  // namespace

letter invitation_letter(const model::invitation& to, std::string_view company, std::string_view link) {
  return with_link(to.email, fmt::format("Join {} on Posthorn", company),
                   fmt::format("You are invited to the webhook console of {}. {}", company, role_text(to.role)),
                   "Accept the invitation", link,
                   "The link works once, for 24 hours. If you did not expect this mail, leave it alone.");
}

letter reset_letter(const model::member& to, std::string_view company, std::string_view link) {
  return with_link(
      to.email, "Your Posthorn password",
      fmt::format("Hello {}, somebody, hopefully you, asked for a new password to the webhook console of {}.", to.name,
                  company),
      "Choose a new password", link,
      "The link works once, for an hour. If it was not you, leave it alone: nothing has changed.");
}

letter notice_letter(const model::member& to, const notice& of, std::string_view console) {
  const std::string id = base::format_id(base::endpoint_prefix, of.endpoint);
  const std::string reason = of.reason.empty() ? std::string() : fmt::format(" Reason: {}.", of.reason);
  return with_link(
      to.email, fmt::format("Endpoint {} is {}", id, model::to_string(of.state)),
      fmt::format("The endpoint {} of integration {} ({}) is {}.{}", id, of.integration_id, of.url,
                  model::to_string(of.state), reason),
      "Look at the endpoint", fmt::format("{}/console/endpoints/{}", console, id),
      "Such mails come at most once an hour for each endpoint. You can switch them off in the console's settings.");
}

}  // namespace posthorn::mail
