internal import JSON
internal import Scenario

/// "Order per thread": within one subscription, the events of one key carry an ascending number.
func orderPerThread(_ trace: Trace, _ rules: [StreamOrderRule]) -> CheckResult {
  var result = CheckResult("order-per-thread")
  for rule in rules {
    for subscription in trace.subscriptions where subscription.action == rule.event {
      var last: [JSON: (number: Double, position: Int)] = [:]
      for position in subscription.arrivals {
        let data = trace.arrival(position).data
        guard let key = data.values(along: rule.key).first,
          let number = data.values(along: rule.ascending).first?.number
        else { continue }
        result.examined += 1
        // An event that comes again is the delivery check's finding.
        if let earlier = last[key], number < earlier.number {
          result.add(
            "\(subscription.actor) received \(rule.event) out of order: \(rule.ascending.joined(separator: ".")) "
              + "\(JSON.double(number)) after \(JSON.double(earlier.number)) of \(key)",
            events: [earlier.position, position])
        }
        last[key] = (number, position)
      }
    }
  }
  return result
}
