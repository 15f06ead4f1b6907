/// The part of the schema that is about finding messages.
enum SearchSDL {
  static let text = #"""
    extend type Query {
      """
      The messages that have a word beginning with each word of the query (1 to 16 words), newest first. Deleted
      messages and earlier versions are not found. At most 50 at a time.
      """
      searchMessages(query: String!, threadId: ID, first: Int = 20, after: String): MessageConnection!
    }
    """#
}
