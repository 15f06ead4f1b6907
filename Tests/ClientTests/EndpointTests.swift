import Client
import Testing

@Suite struct EndpointTests {
  @Test(
    "a URL is read, and what it leaves out is filled in",
    arguments: [
      ("http://localhost:4000", Endpoint(host: "localhost", port: 4000)),
      ("ws://localhost/", Endpoint(host: "localhost", port: 80)),
      ("HTTPS://api.example/v1/graphql", Endpoint(scheme: .https, host: "api.example", port: 443, path: "/v1/graphql")),
      ("http://[::1]:8080", Endpoint(host: "::1", port: 8080)),
    ])
  func read(url: String, endpoint: Endpoint) throws {
    #expect(try Endpoint(url) == endpoint)
    #expect(try Endpoint("\(endpoint)") == endpoint)
  }

  @Test(
    "what is not a server's URL is refused, and the reason says why",
    arguments: [
      ("localhost:4000", "http://"), ("ftp://a", "neither"), ("http://", "no host"), ("http://a:0", "port"),
      ("http://a:65536", "port"), ("http://a:b", "port"), ("http://u:p@a", "user"), ("http://a/?x=1", "query"),
      ("http://[::1", "bracket"), ("http://[::1]8080", "port"),
    ])
  func refused(url: String, hint: String) {
    let error = #expect(throws: ClientError.self) { try Endpoint(url) }
    #expect(error?.kind == .invalidEndpoint)
    #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
  }
}
