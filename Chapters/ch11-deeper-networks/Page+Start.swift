// The page of chapter 11: the second suspect, where training begins.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The second suspect: where training begins.
  static func addStart(to page: inout Page, _ own: OwnRates, _ runs: PageRuns<Findings>) {
    guard let open = own.begun(.open), let identity = own.begun(.identity), let depth = own.row()?.net.depth else {
      return
    }
    let likeness =
      if let plain = own.before(), let residual = own.before(residual: true) {
        " In \(plain.net.name) the cosine of the two is \(plain.neighbours.formatted(decimals: 2)) on average, where 1 would be the same way and 0 is nothing in common; in the residual net it is \(residual.neighbours.formatted(decimals: 2))."
      } else { "" }
    func before(_ start: DeepNet.Start) -> String {
      own.before(start: start).map {
        " Before training each layer then multiplies the gradient by \($0.factor.formatted(decimals: 2)), and the cosine is \($0.neighbours.formatted(decimals: 2))."
      } ?? ""
    }
    page.prose(
      """
      ### Is it the start?

      With He's weights \(depth) plain layers begin as a random function. Move an image a little, by a tenth of its length, and the \
      gradient in the image points elsewhere: it is *shattered* (Balduzzi et al. 2017). A weight's gradient is made of the same \
      factors, so a step that helps one image does little for its neighbour.\(likeness) The residual net begins with small \
      branches beside what passes them, near the identity (De and Smith 2020).

      A better start needs no addition. Two are tried:

      - **Open ReLUs.** Every β begins at 2 in place of 0. Of what a norm leaves next to nothing is then below 0, and there is nothing \
      for the ReLU to cut: the net begins almost linear.\(before(.open))
      - **The identity.** In addition every kernel passes its own channel on: 1 in its middle, 0 elsewhere. The deep net \
      begins as little more than its first and its last layer, with blocks between them that pass on what they get, as \
      *Degradation* said that blocks could (Zagoruyko and Komodakis 2017 train such nets; Xiao et al. 2018 begin \
      \(grouped(10_000)) plain layers in a similar way).\(before(.identity))
      """)
    page.fold("Both in code") { $0.code("start", in: "Degradation.swift") }
    let errors = [open.usual, open.treated, identity.treated]
    page.predict(
      """
      A plain net of \(depth) layers, no addition anywhere, each start at its own best rate. From which does it get the fewest of its \
      training images wrong after \(counted(own.epochs, "epoch"))?
      """,
      choices: ["He's weights, β = 0", "open ReLUs", "the identity"],
      answer: errors.indices.min { errors[$0].mean < errors[$1].mean } ?? 0,
      "He's weights \(open.usual.formatted(decimals: 1)) %, open ReLUs \(open.treated.formatted(decimals: 1)) %, the identity \(identity.treated.formatted(decimals: 1)) %; residual \(open.residual.formatted(decimals: 1)) %."
    )
    page.project("Without additions: which start is best?")
    page.figure(causesFigure(own, open, identity, runs.origin))
    page.project(
      startSlide(open, identity),
      notes: "A cause that is taken away: does the effect go with it? Each point is a net with its own seed.")
    page.prose(startFinding(own, open, identity) + together(own, identity))
  }

  /// What the growth, the shattering and the two starts say together.
  static func together(_ own: OwnRates, _ identity: Remedy) -> String {
    guard let start = own.before(start: .identity), let plain = own.before(), let residual = own.before(residual: true),
      (residual.factor - start.factor).direction() != .below, plain.factor.direction(from: 1) == .above,
      (start.neighbours - plain.neighbours).direction() == .above, identity.gain.direction() != .above
    else { return "" }
    return """


      **Growth and start together.** Begun as the identity, the net has a gradient that grows no more than the residual net's \
      (\(start.factor.formatted(decimals: 2)) a layer against \(residual.factor.formatted(decimals: 2))), and neighbours have \
      \((residual.neighbours - start.neighbours).worded(above: "more of it in common than in plain \(start.net.depth), if less than with additions", below: "even more of it in common than with additions", withinChance: "as much of it in common as with additions, within chance")). \
      Yet it is no faster. So neither growth nor shattering before training is the whole reason, unless the identity brings a fault of \
      its own. Open ReLUs do help\(own.evenSteps?.gain.direction() == .above ? ", even steps perhaps" : ""); why, these tests do not say.
      """
  }

  /// The training errors of every net, one point a seed: as it is, and with each suspect taken away.
  static func causesFigure(_ own: OwnRates, _ open: Remedy, _ identity: Remedy, _ origin: String) -> Figure {
    let kinds: [(String, OwnRates.Row?, Int)] = [
      ("as it is", own.row(), 4), ("even steps", own.row(even: true), 1), ("β = 2", own.row(start: .open), 3),
      ("identity", own.row(start: .identity), 2),
      ("residual", own.row(residual: true), 0),
    ]
    let shown = kinds.compactMap { name, row, color in row?.fewest.map { (name, $0.run, color) } }
    let depth = own.row()?.net.depth ?? 0
    return Figure(
      startTitle(open, identity, depth),
      .lines(
        LineChart(
          x: Axis(
            "", range: 0.5...Double(shown.count) + 0.5, ticks: shown.indices.map { (Double($0 + 1), shown[$0].0) }),
          y: Axis("training errors (%)"),
          shown.enumerated().map { place, kind in
            let values = kind.1.trainingErrors.values
            return Series(
              "",
              x: values.indices.map { Double(place + 1) + 0.3 * (Double($0) / Double(max(1, values.count - 1)) - 0.5) },
              y: values, style: .points, color: kind.2)
          })),
      caption: """
        \(origin)\(depth) layers, \(counted(own.epochs, "epoch")), in test mode, each kind at its own best rate \
        (\(kinds.compactMap { name, row, _ in row?.fewest.map { "\(name) \(short($0.rate))" } }.joined(separator: ", "))): one point for each of \
        \(counted(shown[0].1.trainingErrors.count, "seed")). β = 2: open ReLUs; the identity \
        has them, too. Only the last net has additions.
        """, name: "causes")
  }

  private static func startTitle(_ open: Remedy, _ identity: Remedy, _ depth: Int) -> String {
    func helps(_ remedy: Remedy) -> Bool { remedy.gain.direction() == .above }
    func change(_ remedy: Remedy) -> String {
      "from \(fixed(remedy.usual.mean, 1)) to \(fixed(remedy.treated.mean, 1)) % of errors"
    }
    return switch (helps(open), helps(identity)) {
    case (true, true):
      "Both other starts help \(depth) plain layers: open ReLUs \(change(open)), the identity to \(fixed(identity.treated.mean, 1))"
    case (true, false):
      "Open ReLUs at the start take \(depth) plain layers \(change(open)); the identity gains nothing beyond chance"
    case (false, true):
      "Begun as the identity, \(depth) plain layers go \(change(identity)); open ReLUs gain nothing beyond chance"
    case (false, false): "No other start helps \(depth) plain layers beyond chance"
    }
  }

  private static func startSlide(_ open: Remedy, _ identity: Remedy) -> String {
    switch open.answer {
    case .closes: "Open ReLUs at the start mend the plain net"
    case .narrows: "Open ReLUs help the plain net, yet not all the way"
    case .stays, .unclear:
      identity.gain.direction() == .above
        ? "The identity helps the plain net; open ReLUs: unclear" : "No other start helps the plain net beyond chance"
    }
  }

  /// What the other starts say.
  static func startFinding(_ own: OwnRates, _ open: Remedy, _ identity: Remedy) -> String {
    let first =
      switch open.answer {
      case .closes:
        "Open ReLUs close the gap: \(points(open.gain)) go with them. The growth and the shattering are the ReLUs' work, and the reason here."
      case .narrows:
        "So the start is one reason. Open ReLUs take \(points(open.gain)) away. But \(points(open.rest)) are left."
      case .stays: "Open ReLUs alone leave the plain net \(points(open.rest)) behind the residual one."
      case .unclear: "Open ReLUs do not decide it."
      }
    let second =
      switch identity.answer {
      case .closes: " Begun as the identity the same layers learn as well as with additions."
      case .narrows: " The identity takes \(points(identity.gain)) away, and leaves \(points(identity.rest))."
      case .stays:
        " From the identity the plain net is \(points(identity.rest)) behind, and gains nothing beyond chance (\(fixed(identity.gain.mean, 1)) ± \(fixed(identity.gain.uncertainty, 1)) points, 95 %): to begin near the identity is not what helps."
      case .unclear: ""
      }
    let both =
      own.begun(.identity, even: true).map { both in
        both.gain.worded(
          above: " With even steps as well it comes to \(both.treated.formatted(decimals: 1)) %.",
          below: " With even steps as well it is worse, \(both.treated.formatted(decimals: 1)) %.",
          withinChance:
            " Even steps as well do not change that beyond chance (\(both.treated.formatted(decimals: 1)) %).")
      } ?? ""
    let left =
      [open, identity].allSatisfy { $0.rest.direction() == .above && $0.answer != .closes }
      ? " No start tried replaces what the addition does."
      : ""
    return first + second + both + left
  }
}
