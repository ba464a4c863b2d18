// The hosted assessment page as browsers get it (contract 2.5): its rules, its caching, its forms.
#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

class assessment_page : public platform {
 protected:
  http_answer get(std::string_view target, const http_headers& headers = {}, std::string_view method = "GET") {
    http_connection to(server.port());
    return to.call(method, target, headers);
  }
};

TEST_F(assessment_page, reaches_nothing_but_its_own_server) {
  for (const char* target : {"/assess/", "/assess/main.js", "/assess/style.css", "/assess/icon.svg"}) {
    SCOPED_TRACE(target);
    const http_answer given = get(target);
    ASSERT_EQ(given.status, 200);
    EXPECT_EQ(given.header("Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
              "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    EXPECT_EQ(given.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(given.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(given.header("Cache-Control"), "no-cache");
    EXPECT_EQ(given.header("Vary"), "Accept-Encoding");
  }
  EXPECT_EQ(get("/assess/").header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(get("/assess/main.js").header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/assess/style.css").header("Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(get("/assess/icon.svg").header("Content-Type"), "image/svg+xml");
}

TEST_F(assessment_page, is_not_sent_again_to_who_has_it) {
  const http_answer first = get("/assess/main.js");
  const std::string tag = first.header("ETag");
  ASSERT_FALSE(tag.empty());
  for (const std::string& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const http_answer again = get("/assess/main.js", {{"If-None-Match", known}});
    EXPECT_EQ(again.status, 304) << known;
    EXPECT_EQ(again.body, "") << known;
    EXPECT_EQ(again.header("ETag"), tag);
    EXPECT_EQ(again.header("Cache-Control"), "no-cache");
  }
  for (const std::string& other : {std::string("\"other\""), tag.substr(1), std::string()}) {
    EXPECT_EQ(get("/assess/main.js", {{"If-None-Match", other}}).body, first.body) << other;
  }
  EXPECT_EQ(get("/assess/index.html").header("ETag"), get("/assess/").header("ETag"));
}

TEST_F(assessment_page, is_compressed_for_who_takes_it) {
  const http_answer plain = get("/assess/style.css");
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  for (const char* list : {"gzip", "br, GZIP", "gzip, deflate, br, zstd"}) {
    const http_answer packed = get("/assess/style.css", {{"Accept-Encoding", list}});
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip") << list;
    EXPECT_NE(packed.header("ETag"), plain.header("ETag"));
    EXPECT_LT(packed.body.size(), plain.body.size() / 2);
  }
  for (const char* list : {"identity", "br", "gzip;q=0", "x-gzip"}) {
    EXPECT_EQ(get("/assess/style.css", {{"Accept-Encoding", list}}).body, plain.body) << list;
  }
}

TEST_F(assessment_page, takes_only_reading_and_known_names) {
  EXPECT_EQ(get("/assess/", {}, "POST").status, 405);
  for (const char* target : {"/assess/none.js", "/assess/..%2fmain.js", "/assess/MAIN.js", "/assess/a/main.js"}) {
    const http_answer refused = get(target);
    EXPECT_EQ(refused.status, 404) << target;
    EXPECT_EQ(refused.header("Content-Type"), "application/problem+json") << target;
  }
}

}  // namespace
}  // namespace posthorn::test
