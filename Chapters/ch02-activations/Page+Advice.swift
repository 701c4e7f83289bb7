// The page of chapter 2: what an evaluation costs, why ReLU won, what to use.

import Foundation
import Workbook

extension Activations {
  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings, isRecorded: Bool) {
    let (more, relu) = (costs.steps[1] / costs.steps[0] - 1, costs.elements[Nonlinearity.relu.rawValue])
    page.prose(
      """
      ## What one evaluation costs

      An exponential costs time. On \(isRecorded ? "the machine of the recorded run" : "this machine") one evaluation, forward and back, takes \
      \(fixed(costs.ratios[Nonlinearity.sigmoid.rawValue], 1)) times ReLU's time with a sigmoid, \
      \(fixed(costs.ratios[Nonlinearity.tanh.rawValue], 1)) times with tanh (computed here as a quotient of two polynomials) and \
      \(fixed(costs.ratios[Nonlinearity.elu.rawValue], 0)) times with ELU. But a whole training step of the convolutional net \
      \(more > 0.02 ? "takes only \(percent(more)) longer with tanh than with ReLU" : "takes about as long with tanh as with ReLU"), \
      because most of the time goes into the convolutions.
      """)
    page.fold("The times, one by one") {
      $0.table(
        Table(
          "Nanoseconds for one number, on one thread; the shortest of many rounds",
          columns: [
            "activation", .init("forward", digits: 2), .init("back", digits: 2), .init("both", digits: 2),
            .init("both ÷ ReLU's", digits: 1),
          ],
          rows: Nonlinearity.allCases.map { function in
            let cost = costs.elements[function.rawValue]
            return [
              TableCell(function.name), TableCell(cost.forward), TableCell(cost.backward), TableCell(cost.both),
              TableCell(cost.both / relu.both),
            ]
          }))
    }
  }

  /// The question that the page opens with.
  static func addWhy(to page: inout Page, _ findings: Findings) {
    let sizes = findings.sizes
    page.prose(
      """
      ## What ReLU gained, and what it cost

      \(overSigmoid(findings))

      \(overTanh(findings))
      """)
    page.table(reasons(findings))
    let deaths = findings.census.experiment
    let dead = deaths.dead(0, deaths.hot)
    page.prose(
      """
      **The cost.** \(dead.count > 0 && dead.mean > 0.01 ? "Units die at too high a rate, \(percent(dead.mean)) of them at \(deaths.rates[deaths.hot]). And ReLU's outputs" : "ReLU's outputs") \
      have a mean, \(fixed(findings.census.offsets[Nonlinearity.relu.rawValue].mean, 2)) of their standard deviation.

      **How ReLU replaced tanh.** On photographs, which were not trained here. Jarrett et al. 2009 found that convolutional nets recognize objects \
      better with rectified outputs (they took the absolute value after tanh). Nair and Hinton 2010 reported the same for $\\max(0, x)$ in \
      restricted Boltzmann machines, and Glorot et al. 2011 trained deep nets of ReLUs without the pretraining that was usual then, as well as nets of \
      tanh or better. In 2012 AlexNet won the ImageNet contest with ReLU, and since then published recipes, with their weights and rates, have \
      been made for it. What ReLU is worth in such nets this page cannot say.
      """)
    if let sizes, sizes.stacks.count == Stack.all.count { addStacks(to: &page, sizes) }
  }

  /// What it gained over the sigmoid.
  private static func overSigmoid(_ findings: Findings) -> String {
    let (deep, race) = (findings.deepNets, findings.race)
    let relu = deep.nets[DeepNet.relu]
    guard (deep.nets[DeepNet.sigmoid].losses - relu.losses).direction() == .above else {
      return "**Over the sigmoid** ReLU shows no advantage beyond chance in \(DeepNet.depth) layers."
    }
    let (loss, errors) = (findings.suited.net.losses - relu.losses, findings.sigmoidErrors(over: DeepNet.relu))
    let conv = race.racers.first { $0.function == .sigmoid && $0.errors.count == race[.relu].errors.count }.map {
      racer in
      " In the conv net\(racer.arrives ? " the sigmoid needs \(fixed((racer.steps / race[.relu].steps).mean, 1)) times as many steps as ReLU to a loss of \(short(target)), and" : " it") "
        + "makes \(fixed(racer.errors.mean, 1)) % test errors after \(race.limit) steps, ReLU \(fixed(race[.relu].errors.mean, 1)) %."
    }
    return """
      **Over the sigmoid.** ReLU learns in \(DeepNet.depth) layers with ordinary weights. The sigmoid needs weights \(findings.suited.factor) times as \
      large\(loss.worded(above: ", and ends at a higher loss", below: "", withinChance: ""))\
      \(errors.worded(
        above: " and with more test errors.", below: ", though with fewer test errors.",
        withinChance: ", though not with more test errors beyond chance."))\(conv ?? "")
      """
  }

  /// What it gained over tanh.
  private static func overTanh(_ findings: Findings) -> String {
    let (deep, costs) = (findings.deepNets, findings.costs)
    func loss(_ place: Int) -> String { fixed(deep.nets[place].losses.mean, 2) }
    let step = costs.steps[1] / costs.steps[0] - 1
    let price =
      step > 0.02
      ? "A training step takes \(percent(step)) longer with tanh" : "A training step takes as long with tanh"
    let long =
      findings.hardRatio.map { ratio in
        ratio.worded(
          from: 1,
          above:
            ", and to a loss of \(short(lowTarget)) tanh needs \(fixed(ratio.mean, 2)) times as many steps: \(fixed(ratio.mean * (1 + step), 1)) times the time in all",
          below: ", and to a loss of \(short(lowTarget)) it needs fewer steps",
          withinChance: ", and to a loss of \(short(lowTarget)) neither needs fewer steps beyond chance")
      } ?? ""
    let errors = findings.convErrorWords
    let points = deep.nets[DeepNet.tanh].errors - deep.nets[DeepNet.relu].errors
    return """
      **Over tanh** ReLU gains little on digits.\(errors.isEmpty ? "" : " In the conv net it is ahead.") \(price)\(long).\
      \(errors.isEmpty ? "" : " tanh makes more test errors: \(listed(errors)).") In nets of \(DeepNet.depth) layers \
      \((deep.nets[DeepNet.tanh].losses - deep.nets[DeepNet.relu].losses).worded(
        above: "tanh ends at a higher loss, \(loss(DeepNet.tanh)) against \(loss(DeepNet.relu))",
        below: "tanh ends at a lower loss, \(loss(DeepNet.tanh)) against \(loss(DeepNet.relu))",
        withinChance: "the losses are alike, \(loss(DeepNet.tanh)) and \(loss(DeepNet.relu))"))\
      \(points.worded(
        above: ", and tanh makes \(fixed(points.mean, 1)) points more test errors (95 %: \(points.interval(1))).",
        below: ", and tanh makes \(fixed(-points.mean, 1)) points fewer test errors (95 %: \(points.magnitude.interval(1))).",
        withinChance: "."))
      """
  }

  /// What is said for ReLU, and what was measured of it.
  private static func reasons(_ findings: Findings) -> Table {
    let (deep, depth, race, costs) = (findings.deepNets, findings.depth, findings.race, findings.costs)
    func loss(_ place: Int) -> String { fixed(deep.nets[place].losses.mean, 2) }
    func error(_ net: DeepNet) -> String { fixed(net.errors.mean, 1) }
    func left(_ function: Int) -> TableCell { TableCell(short(depth.typical(1, function)[Activations.depth - 1])) }
    func times(_ factor: Double, _ decimals: Int = 1) -> TableCell { TableCell("\(fixed(factor, decimals))×") }
    func steps(_ function: Nonlinearity) -> TableCell {
      guard let racer = race.racers.first(where: { $0.function == function }) else { return "–" }
      return racer.arrives
        ? times((racer.steps / race[.relu].steps).mean, 2)
        : TableCell("\(racer.arrivals) of \(racer.reached.count) arrive in \(race.limit) steps")
    }
    var rows: [[TableCell]] = [
      [
        "a gradient survives: share left after \(Activations.depth) layers, reference weights",
        left(DepthExperiment.relu),
        left(0), left(1),
      ],
      [
        "deep nets learn: loss after \(grouped(deep.steps)) steps, \(DeepNet.depth) layers",
        TableCell(loss(DeepNet.relu)),
        "\(loss(DeepNet.sigmoid)) (\(fixed(findings.suited.net.losses.mean, 2))†)",
        TableCell(loss(DeepNet.tanh)),
      ],
      [
        "the same: test error (%)", TableCell(error(deep.nets[DeepNet.relu])),
        "\(error(deep.nets[DeepNet.sigmoid])) (\(error(findings.suited.net))†)",
        TableCell(error(deep.nets[DeepNet.tanh])),
      ],
      ["fewer steps: to a loss of \(short(target)), small conv net", "1", steps(.sigmoid), steps(.tanh)],
    ]
    if let hard = findings.hardRatio {
      rows.append(["fewer steps: to a loss of \(short(lowTarget))", "1", "–", times(hard.mean, 2)])
    }
    rows += [
      [
        "cheap: time of one evaluation, forward and back", "1", times(costs.ratios[Nonlinearity.sigmoid.rawValue]),
        times(costs.ratios[Nonlinearity.tanh.rawValue]),
      ],
      ["cheap: time of a whole training step", "1", "–", times(costs.steps[1] / costs.steps[0], 2)],
      ["many outputs are 0: share of them", TableCell(percent(1 - findings.census.active.mean)), "0 %", "0 %"],
    ]
    return Table(
      "What is said for ReLU, and what we measured on digits. –: not measured. ×: times ReLU’s. †: with \(findings.suited.factor) times the reference weights",
      columns: ["said for ReLU", "ReLU", "sigmoid", "tanh"], rows: rows)
  }

  /// tanh and ReLU at weights that are too small or too large.
  private static func addStacks(to page: inout Page, _ sizes: SizeFindings) {
    let factors = Stack.factors.map(Double.init)
    page.prose(
      """
      ### \(sizes.stackSlide)

      How exact must the size of the weights be? We train 16 layers of tanh and of ReLU with weights of \(factors.count) sizes.
      """)
    page.figure(
      Figure(
        sizes.stackTitle,
        .lines(
          LineChart(
            x: Axis("weights, times the reference", log: true, ticks: factors.map { ($0, short($0)) }),
            y: Axis("training loss", range: 0...2.5),
            zip(Stack.all, sizes.stacks).map { stack, nets in
              let places = nets.indices.filter { nets[$0].losses.mean.isFinite }
              return Series(
                "\(stack.function.name), \(stack.depth) layers", x: places.map { factors[$0] },
                y: places.map { nets[$0].losses.mean }, deviation: places.map { nets[$0].losses.deviation },
                isEmphasized: stack.function == .relu, color: stack.function.color)
            }, references: [.init(.horizontal, at: log(10), "guessing")])),
        caption: """
          Dense nets as in *Eight layers deep*, but with 16 layers, after \(grouped(sizes.steps)) steps; mean and standard deviation of \
          \(counted(sizes.stacks[0][0].losses.count, "seed")). Each point has the best of \(Stack.rates.count) rates from \(short(Double(Stack.rates[0]))) to \
          \(short(Double(Stack.rates[Stack.rates.count - 1]))). The factor multiplies the weights of all hidden layers.\
          \(sizes.stacks.joined().allSatisfy { $0.losses.mean.isFinite } ? "" : " A line ends where the net diverges.")
          """,
        name: "stacks"))
    page.project(sizes.stackSlide)
    page.prose(
      """
      \(sizes.stackWords)

      Small first weights do not explain why ReLU replaced tanh. Before Glorot and Bengio 2010 they often had a standard deviation of \
      $1/\\sqrt{3n}$, which is \(fixed(1 / 3.0.squareRoot(), 2)) times the reference weights of tanh and only \
      \(fixed(1 / 6.0.squareRoot(), 2)) times those of ReLU.
      """)
  }

  /// Which one to use.
  static func addAdvice(to page: inout Page, _ findings: Findings) {
    let (race, deep) = (findings.race, findings.deepNets)
    page.prose(
      """
      ## Which one should I use?

      The usual advice, in the lecture notes S2 and in CS231n, is this: use ReLU, with a careful rate; try leaky ReLU, ELU and maxout; \
      expect little of tanh; do not use the sigmoid. This is what we measured:
      """)
    let rarer = deep.rarer.flatMap { $0.count >= RarerActivation.silu.rawValue ? $0 : nil } ?? []
    page.table(
      Table(
        "Each activation at its best rate. Conv: the net of the race, steps to a loss of \(target), test error (%) after \(race.limit) steps. Deep: \(DeepNet.depth) hidden layers, loss and test error (%) after \(grouped(deep.steps)) steps, with the reference weights unless the first column says otherwise. Maxout has 37 units a layer instead of \(DeepNet.width), so that it has about as many weights as the others. –: not measured",
        columns: [
          "activation", .init("conv: steps", digits: 0), .init("conv: error", digits: 1),
          .init("deep: loss", digits: 2),
          .init("deep: error", digits: 1),
        ],
        rows: race.racers.flatMap { racer -> [[TableCell]] in
          let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }
          let row = [TableCell(racer.function.name)] + cells(racer) + cells(net.map { deep.nets[$0] })
          return racer.function == .sigmoid
            ? [
              row, [TableCell("sigmoid, weights × \(findings.suited.factor)"), "–", "–"] + cells(findings.suited.net),
            ]
            : [row]
        }
          + zip(RarerActivation.allCases, rarer).map { kind, net in
            let place = RarerActivation.raced.firstIndex(of: kind)
            let racer = place.flatMap { place in findings.rarerRace.flatMap { $0.count > place ? $0[place] : nil } }
            return [TableCell(kind.name)] + (racer.map { cells($0) } ?? ["–", "–"]) + cells(net)
          }))
    let failing =
      race.racers.map { ($0.function.name, $0) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1) }
    let behind = fallenBehind(race)
    page.project(
      race[.relu].reached.count < 3 ? "Which activation should I use?" : behind.replacing(".", with: ""))
    let better = rivals(deep) + rarerWords(deep, rarer)
    let deaths = findings.census.experiment
    let rate = deaths.costOfRate(deaths.hot, against: deaths.usual)
    let price =
      rate.count >= 3 && rate.direction() == .above
      ? ": in *Do the cures help?* a rate of \(deaths.rates[deaths.hot]) instead of \(deaths.rates[deaths.usual]) raised ReLU's loss by \(fixed(rate.mean, 2))"
      : ""
    let lowest = lowestRival(deep)
    let conv = findings.convErrorWords.first.map {
      "There tanh makes more test errors than ReLU, \($0)."
    }
    page.prose(
      """
      \(([behind] + [conv].compactMap { $0 } + failing.filter { $1.diverged > 0 }.map { name, racer in "\(racer.diverged) of \(name)'s \(counted(racer.reached.count, "run")) diverged and \(racer.diverged == 1 ? "is" : "are") left out of its error, because the rate chosen in the trials is too near the edge." }).joined(separator: " ")) \
      \(better.joined(separator: " "))

      \(lowest.map { "Eight layers deep \($0) would win on these digits.\(bears($0, findings.census)) We still advise to begin" } ?? "Begin") with \
      ReLU. \(findings.costs.isReLUCheapest ? "No other is cheaper, and published" : "Published") recipes are made for it. Count the dead units, and tune \
      the learning rate first, because a wrong rate can cost more than a wrong function\(price). If you have time left, try \
      \(findings.census.hasCures ? "ELU, GELU or SiLU, each with a rate of its own" : rarer.isEmpty ? "ELU" : "ELU or PReLU"). In a net that somebody else has trained, keep the function with which it was trained.
      """)
  }

  /// ` But it diverges at a rate that ReLU bears (*Do the cures help?*).`
  private static func bears(_ name: String, _ census: CensusFindings) -> String {
    let (rows, hot) = (census.rows, census.whole.hot)
    guard let row = rows.first(where: { $0.name == name }), row.diverged(hot) > rows[0].diverged(hot) else { return "" }
    return " But it diverges at a rate that ReLU bears (*Do the cures help?*)."
  }

  /// Steps and test error of a racer.
  private static func cells(_ racer: Racer) -> [TableCell] {
    [
      racer.arrives
        ? .measured(racer.steps)
        : TableCell(
          racer.arrivals == 0 ? "> \(racer.limit)" : "\(racer.arrivals) of \(racer.reached.count) reach it"),
      racer.errors.count > 0 ? .measured(racer.errors) : TableCell("–"),
    ]
  }

  /// Loss and test error of a deep net.
  private static func cells(_ net: DeepNet?) -> [TableCell] {
    net.map { [.measured($0.losses), .measured($0.errors)] } ?? [TableCell("–"), TableCell("–")]
  }

  /// Who needs more steps than ReLU in the race, beyond chance.
  private static func fallenBehind(_ race: RaceFindings) -> String {
    guard race[.relu].reached.count >= 3 else { return "So few seeds cannot tell who falls behind in the race." }
    let slow = race.racers.filter {
      $0.function != .relu && (!$0.arrives || ($0.steps - race[.relu].steps).direction() == .above)
    }.map(\.function)
    if slow.contains(.sigmoid) { return "In the race the sigmoid falls behind." }
    let names = slow.map(\.name).joined(separator: " and ")
    return slow.isEmpty
      ? "In the race none clearly falls behind." : "In the race \(names) \(slow.count == 1 ? "falls" : "fall") behind."
  }

  /// The name of the net that ends lowest eight layers deep, where it ends below ReLU beyond chance.
  private static func lowestRival(_ deep: DeepFindings) -> String? {
    let lowest = DeepNet.rivals.min { deep.nets[$0].losses.mean < deep.nets[$1].losses.mean } ?? DeepNet.relu
    let isBelow = (deep.nets[DeepNet.relu].losses - deep.nets[lowest].losses).direction() == .above
    return isBelow ? DeepNet.kinds[lowest].name : nil
  }

  /// The net that ends lower than ReLU's eight layers deep, if one does beyond chance, with the intervals.
  private static func rivals(_ deep: DeepFindings) -> [String] {
    let relu = deep.nets[DeepNet.relu]
    let lowest = DeepNet.rivals.min { deep.nets[$0].losses.mean < deep.nets[$1].losses.mean } ?? DeepNet.relu
    let (loss, error) = (relu.losses - deep.nets[lowest].losses, relu.errors - deep.nets[lowest].errors)
    guard loss.direction() == .above else {
      return ["Eight layers deep none ends at a lower loss than ReLU beyond chance."]
    }
    return [
      "Eight layers deep \(DeepNet.kinds[lowest].name) ends lower than ReLU, by a loss of \(fixed(loss.mean, 2)) (95 % interval: \(loss.interval(2))); "
        + "its test error is \(error.mean < 0 ? "higher" : "lower") by \(fixed(error.magnitude.mean, 1)) points (95 % interval: \(error.magnitude.interval(1)))\(isClear(error, beyond: 0) ? "" : ", within chance")."
    ]
  }

  /// Which of the activations that full runs alone train make fewer or more errors than ReLU.
  private static func rarerWords(_ deep: DeepFindings, _ rarer: [DeepNet]) -> [String] {
    guard !rarer.isEmpty else { return ["PReLU, GELU and maxout were not trained."] }
    let errors = zip(RarerActivation.allCases, rarer).map { kind, net in
      (kind.name, net.errors - deep.nets[DeepNet.relu].errors)
    }
    let found = errors.compactMap { name, points -> String? in
      switch points.direction(among: errors.count) {
      case .below: "\(name) makes \(fixed(points.magnitude.mean, 1)) points fewer test errors than ReLU"
      case .above: "\(name) makes \(fixed(points.magnitude.mean, 1)) points more test errors than ReLU"
      case .withinChance: nil
      }
    }
    return [
      found.isEmpty
        ? "\(listed(errors.map(\.0))) make as many test errors as ReLU, within chance."
        : found.joined(separator: ", ") + "."
    ]
  }
}
