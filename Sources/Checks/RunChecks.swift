package import History
package import Scenario

/// Every check over one history, always the same ones in the same order. A history that was cut off is judged as far as
/// it goes: every check demands only what a later event of the history proves to be due.
package func runChecks(_ history: History, catalog: ActionCatalog) -> [CheckResult] {
  let trace = Trace(history)
  return [
    deliveredExactlyOnce(trace, catalog.deliveries),
    orderPerThread(trace, catalog.orders),
    noLeakAcrossOrganizations(trace),
    presenceConverges(trace, catalog.presence),
    noInternalErrors(trace),
  ]
}
