/// Signs bytes of JSON as a compact JWS with HS256 (RFC 7515, section 3.1; RFC 7518, section 3.2).
package func signHS256(claims: [UInt8], secret: [UInt8]) -> String {
  let input = base64URL(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "." + base64URL(claims)
  return input + "." + base64URL(hmacSHA256(key: secret, Array(input.utf8)))
}
