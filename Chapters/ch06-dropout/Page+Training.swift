// The page of chapter 6: when dropout pays.

import Workbook

extension Dropouts {
  /// How much to leave out.
  static func addRates(to page: inout Page, _ findings: Findings) {
    let (byRate, rates, best) = (findings.byRate, findings.byRate.rates, findings.byRate.best)
    let (errors, training) = (byRate.errors, byRate.trainingErrors)
    let offered = [0, 0.2, 0.5, 0.8].filter(rates.contains)
    let ranked = offered.compactMap { rates.firstIndex(of: $0) }.sorted { errors[$0].mean < errors[$1].mean }
    let (leader, follower) = (ranked[0], ranked[1])
    /// By how much the best share offered is ahead of the next, seed by seed.
    let lead = saved(by: byRate.runs[leader], over: byRate.runs[follower])
    page.prose(
      """
      ## When does it help?

      A net of two hidden layers of 100 ReLU units learns from \(grouped(findings.few)) images for \(findings.passes / findings.few) \
      epochs (momentum 0.9, learning rate 0.01, batches of 25). How much of the hidden layers should be left out?
      """)
    page.predict(
      "With which of these shares of hidden units left out are the fewest mistakes made on new images?",
      choices: offered.map { $0 == 0 ? "0 (no dropout)" : short($0) } + ["no clear winner"],
      answer: isClear(lead) ? offered.firstIndex(of: rates[leader]) ?? 0 : offered.count,
      """
      The fewest of those offered at \(short(rates[leader])), \(percentage(errors[leader])), the next fewest at \
      \(short(rates[follower])), \(percentage(errors[follower])): \(lead.formatted(decimals: 1)) points apart, \
      \(chance(lead)).\(best == leader ? "" : " The lowest of the whole run is \(percentage(errors[best])), at \(short(rates[best])).")
      """)
    page.sideNote(
      """
      On this page a difference is *more than chance* where the 95 % interval of its mean, taken seed by seed, leaves out 0 \
      (Student's t), and the mean is above half a point. Fewer than three seeds cannot tell.
      """)
    let ruin = rates.indices.max { errors[$0].mean < errors[$1].mean } ?? 0
    let ruinPoints = errors[ruin].mean - errors[0].mean
    let ruinWords = ruinPoints > 5 ? "; \(short(rates[ruin])) costs \(fixed(ruinPoints, 0)) points" : ""
    page.figure(
      Figure(
        (findings.seeds.count < 3
          ? "So few seeds cannot tell whether any share left out saves mistakes"
          : isClear(byRate.saved) && byRate.saved.mean > 0
            ? "Leaving out \(percent(rates[best])) of the units saves \(fixed(byRate.saved.mean, 1)) points on new images"
            : "On these clean images no share left out saves more than chance") + ruinWords,
        .lines(
          LineChart(
            x: Axis("share of hidden units left out"), y: Axis("error (%)"),
            [
              Series(
                "new images", x: rates, y: errors.map(\.mean), deviation: errors.map(\.deviation),
                isEmphasized: true, color: 1),
              Series(
                "its own images", x: rates, y: training.map(\.mean), deviation: training.map(\.deviation), color: 0),
            ])),
        caption: """
          \(grouped(findings.few)) training images, \(findings.passes / findings.few) epochs. Errors measured with nothing left out; without \
          dropout the net misses \(fixed(training[0].mean, 1)) % of its own images. Mean and deviation of \(findings.seedWords), \
          \(findings.data).
          """,
        name: "rate-sweep"))
    page.code("layers", in: "Networks.swift")
  }

  /// From few images to many.
  static func addSizes(to page: inout Page, _ findings: Findings) {
    let (bySize, sizes, gains, last) = (
      findings.bySize, findings.bySize.sizes, findings.bySize.gains, findings.bySize.last
    )
    let sizeErrors = bySize.runs.map { $0.map { Summary($0.map(\.testError)) } }
    page.prose(
      """
      **With more data?** S4 says that dropout is not needed when data are plentiful. The same net, the same number of steps, \
      with and without dropout ½, from few images to many:
      """)
    let savingSizes = sizes.indices.filter { isClear(gains[$0]) && gains[$0].mean > 0 }
    let costlySizes = sizes.indices.filter { isClear(gains[$0]) && gains[$0].mean < 0 }
    let dearest = costlySizes.min { gains[$0].mean < gains[$1].mean }
    page.figure(
      Figure(
        findings.seeds.count < 3
          ? "Dropout \(effect(gains[0])) points at \(grouped(sizes[0])) images and \(effect(gains[last])) at \(grouped(sizes[last])), as far as so few seeds can tell"
          : savingSizes.isEmpty
            ? "Dropout ½ saves more than chance at no size here"
              + (dearest.map { "; at \(grouped(sizes[$0])) images it costs \(fixed(-gains[$0].mean, 1)) points" } ?? "")
            : "Dropout ½ saves more than chance at \(savingSizes.map { grouped(sizes[$0]) }.joined(separator: ", ")) images; at \(grouped(sizes[last])) it \(effect(gains[last])) points, \(chance(gains[last]))",
        .lines(
          LineChart(
            x: Axis("training images", log: true), y: Axis("test error (%)"),
            zip(["no dropout", "dropout ½"], sizeErrors).enumerated().map { index, pair in
              Series(
                pair.0, x: sizes.map(Double.init), y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation),
                isEmphasized: index == 1, color: index)
            })),
        caption: """
          \(grouped(findings.passes)) images shown in each training: \(counted(max(1, findings.passes / sizes[0]), "epoch")) of \
          \(grouped(sizes[0])) images, \(counted(max(1, findings.passes / sizes[last]), "epoch")) of \(grouped(sizes[last])). \
          Mean and deviation of \(findings.seedWords), \(findings.data).
          """,
        name: "size-sweep"))
    /// The error of the largest set's nets on their own images, without and with dropout.
    let ownErrors = bySize.runs.map { Summary($0[last].map(\.trainingError)) }
    if gains[last].mean < -0.5 && ownErrors[1].mean > ownErrors[0].mean + 0.5 {
      page.prose(
        """
        What dropout costs at \(grouped(sizes[last])) images is not overfitting: after \
        \(counted(max(1, findings.passes / sizes[last]), "epoch")) the net with dropout still misses \
        \(fixed(ownErrors[1].mean, 1)) % of its *own* images, the net without \(fixed(ownErrors[0].mean, 1)) %. It has learned \
        less in the same number of steps.
        """)
    }
  }

  /// A fifth of the labels wrong.
  static func addWrongLabels(to page: inout Page, _ findings: Findings) {
    let (noisy, lowest, final) = (findings.noisy, findings.noisy.lowest, findings.noisy.final)
    let cleanSize = findings.bySize.sizes[findings.cleanPlace]
    let own = noisy.runs.map { Summary($0.map(\.trainingError)) }
    let moreSaved = noisy.halfGain - findings.cleanGain
    page.prose(
      """
      **With wrong labels?** A fifth of the labels are replaced by random other ones. A net that learns them by heart has \
      learned nonsense; one that cannot has been protected. The training is twice as long as above.
      """)
    page.predict(
      "With a fifth of the labels wrong: what dropout ½ saves on new images, compared with right labels and after as many steps, is",
      choices: ["less", "not clearly different", "more"],
      answer: isClear(moreSaved) ? (moreSaved.mean > 0 ? 2 : 0) : 1,
      """
      After \(grouped(findings.passes)) images shown, dropout \(effect(noisy.halfGain)) points with wrong labels and \
      \(effect(findings.cleanGain)) with right ones\
      \(cleanSize == noisy.size ? "" : " (\(grouped(noisy.size)) and \(grouped(cleanSize)) images)"): \
      \(moreSaved.formatted(decimals: 1)) apart, \(chance(moreSaved)).
      """)
    page.figure(
      Figure(
        final[0] - lowest[0] > 2 * max(0.5, final[1] - lowest[1])
          ? "Without dropout the error climbs from \(fixed(lowest[0], 1)) to \(fixed(final[0], 1)) %, with it from \(fixed(lowest[1], 1)) to \(fixed(final[1], 1)) %"
          : "With a fifth of the labels wrong the error ends at \(fixed(final[0], 1)) % without and \(fixed(final[1], 1)) % with dropout, \(noisy.gain.count < 3 ? "one run each" : "a difference \(chance(noisy.gain))")",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("error on new images, right labels (%)"),
            zip(["no dropout", "dropout ½"], noisy.curves).enumerated().map { index, pair in
              Series(
                pair.0, y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation), style: .line,
                isEmphasized: index == 1,
                color: index)
            })),
        caption:
          "\(grouped(noisy.size)) images, 20 % of the labels wrong. Mean and deviation of \(findings.seedWords), \(findings.data).",
        name: "wrong-labels"))
    page.prose(
      """
      How much was learned by heart? A net that knows the rule and nothing else misses a fifth of its training labels, the \
      wrong ones. At the end the net without dropout misses \(percentage(own[0])) of its training labels, the net with \
      dropout \(percentage(own[1])). At its best epoch, which nobody knows beforehand, the net without dropout misses \
      \(fixed(lowest[0], 1)) % of the new images, the net with dropout \(fixed(lowest[1], 1)) %: \
      \(lowest[0] < lowest[1] ? "who could stop in time would not need dropout. What dropout saves grows and shrinks with the moment at which one stops" : "dropout is ahead there, too").
      """)
  }
}
