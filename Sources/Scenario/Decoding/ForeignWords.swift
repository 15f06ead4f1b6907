/// Words of other tools (k6, Artillery, Gatling, Playwright, Jest, Postman), and what is said instead of them here.
enum ForeignWords {
  enum Place { case root, load, step, matcher }

  /// " That is … here.", or `nil` for a word that means nothing elsewhere either.
  static func hint(_ word: String, in place: Place) -> String? {
    let table =
      switch place {
      case .root: root
      case .load: load
      case .step: step
      case .matcher: matcher
      }
    return table[word.lowercased()].map { " \($0)" }
  }

  private static func table(_ rows: [(words: String, text: String)]) -> [String: String] {
    var table: [String: String] = [:]
    for row in rows { for word in row.words.split(separator: " ") { table[String(word)] = row.text } }
    return table
  }

  private static let noPause =
    "Steps do not pause: what must come is waited for by 'expect' and 'eventually', what must not is decided by 'never'."

  private static let root = table([
    ("vus users usercount virtualusers", "The number of virtual users is 'virtualUsers' under 'load'."),
    (
      "duration rate arrivalrate stages phases executor iterations rampto",
      "How much, and how long, stands under 'load'."
    ),
    ("scenarios tests specs testcases", "A file holds one scenario: 'name', 'steps' and 'load' stand at its top."),
    ("options config settings", "There is no such group: 'timeout', 'server' and 'load' stand at the top."),
    ("target baseurl url host", "Where the server is, is said to the command (--target), not in the file."),
    (
      "before setup beforeall beforeeach",
      "What comes first are the first 'steps'; under load, 'party.setup' and 'start'."
    ),
    (
      "after teardown afterall aftereach",
      "Nothing is torn down: every scenario has a server and a database of its own."
    ),
    ("variables vars env environment", "Values are kept by 'capture', given to flows by 'with', or read by 'feeders'."),
    ("payload data csv feed", "Files of data are 'feeders'."),
    ("functions hooks use imports import", "Steps to share are 'flows', and 'include' takes those of other files."),
    ("flow test journey requests", "What happens are the 'steps'; under load, the 'journey'."),
    ("ensure assertions", "Limits on the metrics of a load are 'thresholds'."),
  ])

  private static let load = table([
    ("vus users maxvus preallocatedvus startvus usercount", "The number of virtual users is 'virtualUsers'."),
    (
      "arrivalrate constantuserspersec timeunit requestrate",
      "How many iterations start a second is 'rate', as in 200/s."
    ),
    ("exec function flow steps scenario", "What an iteration does is the 'journey'."),
    ("rampup", "How fast virtual users connect is 'connectRate'."),
    ("gracefulrampdown", "How long what is under way may go on is 'gracefulStop'."),
    ("thresholds", "Thresholds stand at the top of the file, beside 'load'."),
    ("setup before", "What comes first is 'party.setup' for a party and 'start' for each virtual user."),
  ])

  private static let step = table([
    ("wait sleep pause delay waitfortimeout", noPause),
    ("think thinktime", "Think time is 'pause', in the steps of a load."),
    ("pace pacing", "How often iterations start is said under 'load', by 'pacing'."),
    (
      "assert check verify should tobe toequal expecttoequal",
      "What a response must be is 'returns' beside the step; what must arrive is 'expect'."
    ),
    ("get post put delete request http fetch send call exec", "Operations are 'do' (an action), 'query' and 'mutate'."),
    ("mutation", "A mutation that is written in the step is 'mutate'; an action is 'do'."),
    ("subscription listen on", "A subscription is opened by 'subscribe'."),
    ("goto navigate visit open", "A page is entered by 'enter'."),
    ("emit publish", "What others see is caused by 'do'; 'expect' waits for it."),
    (
      "receive await waitfor waitforevent until",
      "What must arrive is 'expect'; what a query must come to is 'eventually'."
    ),
    ("loop times while for", "Steps are taken again by 'repeat', and once for each actor or row by 'each'."),
    ("foreach", "Steps are taken once for each actor or row by 'each'."),
    ("group flow call include run", "The steps of a flow are taken by 'use'."),
    ("feed", "Rows of a feeder are taken by 'each', and in a load by naming them: ${people.email}."),
    ("set let var save extract saveas", "Values are kept by 'capture'."),
    ("rendezvous", "Branches meet at a 'barrier'."),
    ("variables params args body json", "The variables of an operation are 'with'."),
    ("match matches filter", "Which events count is said by 'where'."),
    ("user actor who", "Who takes the step is said by 'as'."),
    ("timeout", "How long an event may take is 'within'; of the whole file, 'timeout' at the top."),
  ])

  private static let matcher = table([
    ("tobe toequal tostrictequal eql deepequal", "That is 'equals', or just the value."),
    ("tocontain tocontainequal include containing", "That is 'contains'."),
    ("tomatch match", "That is 'matches'."),
    ("tobegreaterthan above", "That is 'greaterThan'."), ("tobelessthan below", "That is 'lessThan'."),
    ("tobegreaterthanorequal", "That is 'atLeast'."), ("tobelessthanorequal", "That is 'atMost'."),
    ("tohavelength havelength", "That is 'length'."),
    ("tobedefined tobetruthy notnull notempty exist", "That is 'exists: true'."),
    ("tobenull tobeundefined isnull", "That is 'exists: false'."),
  ])
}
