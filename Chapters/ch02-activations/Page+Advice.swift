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

      An exponential costs time, even when eight are computed at once, as here. On \
      \(isRecorded ? "the machine of the recorded run" : "this machine") one evaluation, forward and back, takes \
      \(fixed(costs.ratios[Nonlinearity.sigmoid.rawValue], 1)) times ReLU's time with a sigmoid, \
      \(fixed(costs.ratios[Nonlinearity.tanh.rawValue], 1)) times with tanh, which is computed here as a quotient of two polynomials, and \
      \(fixed(costs.ratios[Nonlinearity.elu.rawValue], 0)) times with ELU. But a whole training step of the convolutional net above \
      \(more > 0.02 ? "takes only \(percent(more)) longer with tanh than with ReLU" : "takes about as long with tanh as with ReLU"), \
      because most of the time goes into the convolutions. On a graphics processor, where memory is usually the limit, the function \
      matters even less.
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
    let (deep, costs, sizes) = (findings.deepNets, findings.costs, findings.sizes)
    func loss(_ place: Int) -> String { fixed(deep.nets[place].losses.mean, 2) }
    let (step, best) = (costs.steps[1] / costs.steps[0] - 1, findings.bestSigmoid)
    let plain = (deep.nets[DeepNet.sigmoid].losses - deep.nets[DeepNet.relu].losses).direction() == .above
    let later = (best.losses - deep.nets[DeepNet.relu].losses).direction() == .above
    let price =
      step > 0.02
      ? "A training step takes \(percent(step)) longer with tanh" : "A training step takes as long with tanh"
    let long =
      findings.hardRatio.map { ratio in
        ratio.worded(
          from: 1,
          above:
            ", and to a hard goal, a loss of \(short(lowTarget)), the tanh net needs \(fixed(ratio.mean, 2)) times as many steps: \(fixed(ratio.mean * (1 + step), 1)) times the time in all",
          below: ", and to a loss of \(short(lowTarget)) it needs fewer steps",
          withinChance: ", and to a loss of \(short(lowTarget)) neither needs fewer steps beyond chance")
      } ?? ""
    let errors =
      findings.longRace.map { long in
        (long[.tanh].errors - long[.relu].errors).worded(
          above:
            " After \(grouped(long.limit)) steps it also makes more test errors, \(fixed(long[.tanh].errors.mean, 2)) % against \(fixed(long[.relu].errors.mean, 2)) %.",
          below: "", withinChance: "")
      } ?? ""
    let easy =
      findings.lines.flatMap { lines in
        lines.losses.indices.last { lines.ratio($0).direction(from: 1) == .below }.map {
          " To an easy goal, a loss of \(short(lines.losses[$0])), the tanh net even needs fewer steps, \(fixed(lines.ratio($0).mean, 2)) times those of ReLU."
        }
      } ?? ""
    let hasStacks = sizes?.stacks.count == Stack.all.count
    page.prose(
      """
      ## Why did ReLU win?

      \(plain
        ? "**Against the sigmoid** the answer is clear: deep nets of sigmoids learn badly. With the reference weights \(DeepNet.depth) layers of sigmoids learn nothing. With the weights that suit them best they end at a loss of \(fixed(best.losses.mean, 2)), ReLU at \(loss(DeepNet.relu))\(later ? "" : ", a difference within chance")."
        : "**Against the sigmoid** \(DeepNet.depth) layers show no advantage beyond chance.")

      **Against tanh** the advantage on digits is small. \(price)\(long).\(errors)\(easy) In nets of \(DeepNet.depth) layers \
      \((deep.nets[DeepNet.tanh].losses - deep.nets[DeepNet.relu].losses).worded(
        above: "tanh ends at a higher loss, \(loss(DeepNet.tanh)) against \(loss(DeepNet.relu)).",
        below: "tanh ends at a lower loss, \(loss(DeepNet.tanh)) against \(loss(DeepNet.relu)).",
        withinChance: "the two end alike, at \(loss(DeepNet.tanh)) and \(loss(DeepNet.relu)).")) \
      If ReLU is worth more than that, it is in larger nets on photographs, which this page does not train.

      """)
    page.table(reasons(findings))
    page.prose(
      """
      **Why, then, did ReLU replace tanh as well?** Our measurements do not say. One explanation suggests itself: the weights. Before Glorot and \
      Bengio 2010 the weights of a new net often had a standard deviation of $1/\\sqrt{3n}$. We call them the *old weights*. They are \
      $1/\\sqrt{3}$ = \(fixed(1 / 3.0.squareRoot(), 2)) times the reference weights of tanh, and deep nets of tanh hardly learn with weights so \
      small. But ReLU would have been no better off. For ReLU the old weights are even smaller, \(fixed(1 / 6.0.squareRoot(), 2)) times its \
      reference weights, because these have the factor $g = \\sqrt{2}$.\(hasStacks ? smallStarts(sizes) : "") So the old weights explain why deep nets of \
      tanh failed, and not why ReLU replaced tanh.

      What is left are results on photographs, which were not run here. Jarrett et al. 2009 and Nair and Hinton 2010 reported better \
      results with rectified units. In 2012 AlexNet won the ImageNet contest with ReLU, and its authors reported the factor of 6. Since then \
      published recipes, with their weights and rates, have been made for ReLU.
      """)
    if let sizes, hasStacks { addStacks(to: &page, sizes) }
    let deaths = findings.census.experiment
    let dead = deaths.dead(0, deaths.hot)
    page.prose(
      """
      **What did ReLU cost?** \(dead.count > 0 && dead.mean > 0.01 ? "Units die at too high a rate, \(percent(dead.mean)) of them at \(deaths.rates[deaths.hot]). And its outputs" : "Its outputs") \
      have a mean, \(fixed(findings.census.offsets[Nonlinearity.relu.rawValue].mean, 2)) of their standard deviation.

      Two things are not tested here: whether many outputs of 0 are an advantage by themselves, as Glorot et al. 2011 think, and what \
      ReLU is worth in large nets that are trained for days on photographs (Krizhevsky et al. 2012).
      """)
  }

  /// ` The figure below shows both in 16 layers: tanh ends at …`.
  private static func smallStarts(_ sizes: SizeFindings?) -> String {
    guard let starts = sizes?.smallStarts, starts.allSatisfy({ $0.tanh.isFinite && $0.relu.isFinite }) else {
      return ""
    }
    func all(_ numbers: [Double]) -> String { numbers.map { fixed($0, 2) }.joined(separator: " and ") }
    return
      " The figure below shows 16 layers: with \(starts.map { short($0.factor) }.joined(separator: " and ")) times the reference weights "
      + "tanh ends at a loss of \(all(starts.map(\.tanh))), ReLU at \(all(starts.map(\.relu))), and 2.30 is guessing."
  }

  /// What is said for ReLU, and what was measured of it.
  private static func reasons(_ findings: Findings) -> Table {
    let (deep, depth, race, costs) = (findings.deepNets, findings.depth, findings.race, findings.costs)
    func loss(_ place: Int) -> String { fixed(deep.nets[place].losses.mean, 2) }
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
        "\(loss(DeepNet.sigmoid)) (\(fixed(findings.bestSigmoid.losses.mean, 2))†)",
        TableCell(loss(DeepNet.tanh)),
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
      "What is said for ReLU, and what we measured on digits. –: not measured. ×: times ReLU’s. †: with the weights that suit sigmoids best",
      columns: ["said for ReLU", "ReLU", "sigmoid", "tanh"], rows: rows)
  }

  /// tanh and ReLU at weights that are too small or too large.
  private static func addStacks(to page: inout Page, _ sizes: SizeFindings) {
    let factors = Stack.factors.map(Double.init)
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
          Dense nets as in figure 10, but with 16 layers, after \(grouped(sizes.steps)) steps; mean and standard deviation of \
          \(counted(sizes.stacks[0][0].losses.count, "seed")). Each point has the best of \(Stack.rates.count) rates from \(short(Double(Stack.rates[0]))) to \
          \(short(Double(Stack.rates[Stack.rates.count - 1]))). The factor multiplies the weights of all hidden layers.\
          \(sizes.stacks.joined().allSatisfy { $0.losses.mean.isFinite } ? "" : " A line ends where the net diverges.")
          """,
        name: "stacks"))
    page.project(sizes.stackSlide)
    page.prose(sizes.stackWords)
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
        "Each activation at its best rate. Conv: the net of the race, steps to a loss of \(target), test error (%) after \(race.limit) steps. Deep: \(DeepNet.depth) hidden layers, reference weights, loss and test error (%) after \(grouped(deep.steps)) steps. –: not measured",
        columns: [
          "activation", .init("conv: steps", digits: 0), .init("conv: error", digits: 1),
          .init("deep: loss", digits: 2),
          .init("deep: error", digits: 1),
        ],
        rows: race.racers.map { racer in
          let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }
          return [
            TableCell(racer.function.name),
            racer.arrives
              ? .measured(racer.steps)
              : TableCell(
                racer.arrivals == 0
                  ? "> \(race.limit)" : "\(racer.arrivals) of \(racer.reached.count) reach it"),
            racer.errors.count > 0 ? .measured(racer.errors) : TableCell("–"),
            net.map { .measured(deep.nets[$0].losses) } ?? TableCell("–"),
            net.map { .measured(deep.nets[$0].errors) } ?? TableCell("–"),
          ]
        }
          + zip(RarerActivation.allCases, rarer).map { kind, net in
            [
              TableCell(kind == .maxout ? "maxout, \(kind.width) units a layer" : kind.name), "–", "–",
              .measured(net.losses),
              .measured(net.errors),
            ]
          }))
    let failing = race.racers.filter { $0.diverged > 0 }
    let behind = fallenBehind(race)
    page.project(
      race[.relu].reached.count < 3 ? "Which activation should I use?" : behind.replacing(".", with: ""))
    let better = rivals(deep) + rarerWords(deep, rarer)
    let deaths = findings.census.experiment
    let rate = deaths.costOfRate(deaths.hot, against: deaths.usual)
    let price =
      rate.count >= 3 && rate.direction() == .above
      ? ": in *Dead units* a rate of \(deaths.rates[deaths.hot]) instead of \(deaths.rates[deaths.usual]) raised ReLU's loss by \(fixed(rate.mean, 2))"
      : ""
    let lowest = lowestRival(deep)
    page.prose(
      """
      \(([behind] + failing.map { "\($0.diverged) of \($0.function.name)'s \(counted($0.reached.count, "run")) diverged and \($0.diverged == 1 ? "is" : "are") left out of its error, because the rate chosen in the trials is too near the edge." }).joined(separator: " ")) \
      \(better.joined(separator: " "))

      \(lowest.map { "On these digits \($0) would win. We still advise to begin" } ?? "Begin") with ReLU. \
      \(findings.costs.isReLUCheapest ? "No other is cheaper, and published" : "Published") recipes, with their weights and rates, are made for \
      ReLU. Count the dead units, and tune the learning rate first, because a wrong rate can cost more than a wrong function\(price). If you \
      have time left, try \(rarer.isEmpty ? "ELU" : "ELU or PReLU"). In a net that somebody else has trained, keep the function with which it \
      was trained. The language models BERT and GPT-2 have GELU; that use is not tested here.
      """)
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
        ? "PReLU, GELU and maxout make as many test errors as ReLU, within chance."
        : found.joined(separator: ", ") + "."
    ]
  }
}
