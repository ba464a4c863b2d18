#include "policy/attempt_advice.hpp"

namespace posthorn::policy {
namespace {

using model::error_class;

attempt_advice on_error(error_class error) {
  switch (error) {
    case error_class::dns:
      return {"The host name of the URL could not be resolved.",
              "Check the URL for a typing error, and that the name has a public A or AAAA record."};
    case error_class::address_refused:
      return {"The host name resolves to a private or reserved address, which is never called.",
              "Give the receiver a public address, or change the URL to one that has."};
    case error_class::connect:
      return {"No connection could be made to the receiver.",
              "Check that it is running, that its port is open to the Internet, and that no firewall drops the call."};
    case error_class::tls:
      return {"The encrypted connection could not be set up.",
              "Check that the receiver's certificate is valid, names this host, and is sent with its whole chain; and "
              "the client certificate, if the receiver asks for one."};
    case error_class::timeout:
      return {"The receiver did not answer in time.",
              "Answer as soon as the event is stored and do the work after that, or raise the endpoint's timeout_ms."};
    case error_class::connection:
      return {"The receiver closed the connection before its answer was whole.",
              "Look into the receiver's log at this time: it crashed, restarted, or a proxy before it gave up."};
    case error_class::protocol:
      return {"What came back is not HTTP/1.1.",
              "Check that the URL's port speaks HTTP, and TLS only where the URL says https."};
    case error_class::too_large:
      return {"The receiver's answer was too large to be read.", "Answer with a short body, or none."};
    case error_class::configuration:
      return {"The endpoint's own settings could not be used.",
              "Read the attempt's error, and correct the endpoint: its URL, credentials or certificate."};
    case error_class::none: break;
  }
  return {};
}

attempt_advice on_status(std::int32_t status) {
  switch (status) {
    case 400:
    case 422:
      return {"The receiver could not make sense of the event.",
              "The body of its answer often says what it missed. Accept unknown fields and event types."};
    case 401:
    case 403:
      return {
          "The receiver refused the signature or the credentials.",
          "Verify over the raw body, before it is parsed, with the API key of this environment: Test and Production "
          "have different ones. Check the endpoint's authentication, too."};
    case 404:
    case 405: return {"The receiver takes no POST at this address.", "Check the path of the endpoint's URL."};
    case 408: return {"The receiver waited too long for the request.", "Look at the line and any proxy between."};
    case 410:
      return {"The receiver says that this address is gone for good.",
              "If it is, delete the endpoint; if not, correct the receiver and enable the endpoint again."};
    case 413:
      return {"The payload is larger than the receiver accepts.", "Raise the receiver's limit on request bodies."};
    case 415: return {"The receiver does not take application/json.", "Accept it: every event is sent so."};
    case 425:
    case 429:
      return {"The receiver asks to be sent less.",
              "Set the endpoint's rate_limit to what it can take, or let it answer faster."};
    case 502:
    case 503:
    case 504:
      return {"A proxy before the receiver, or the receiver itself, is not available.",
              "Check that the program behind the proxy is running. Tries go on by themselves."};
    default: break;
  }
  if (status < 300) {
    return {"The receiver answered with a success, but not with the status that counts.",
            "Answer 200, or set the endpoint's success rule to 2xx."};
  }
  if (status < 400) {
    return {"The receiver redirects, and redirects are never followed.",
            "Set the endpoint's URL to the address that the answer's Location header names."};
  }
  if (status < 500) {
    return {"The receiver refused the request.", "The body of its answer often says why."};
  }
  return {"The receiver failed.", "Look into its log at this time. Tries go on by themselves."};
}

}  // namespace

attempt_advice advise(const model::attempt& failed) {
  return failed.error != error_class::none ? on_error(failed.error) : on_status(failed.status);
}

}  // namespace posthorn::policy
