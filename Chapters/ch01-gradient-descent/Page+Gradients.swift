// The page of chapter 1: measured gradients, and how far to go along them.

import Foundation
import Workbook

extension GradientDescent {
  /// Numerical gradients.
  static func addDifferences(to page: inout Page, _ findings: Findings) {
    let (differences, slopeError) = (findings.differences, findings.slopeError)
    let (single, double) = (differences.curves[0], differences.curves[1])
    let (typicalSingle, typicalDouble) = (single.bestStep, double.bestStep)
    let (singleBest, doubleBest) = (single.leastError, double.leastError)
    page.prose(
      """
      ## A dense layer

      A **dense layer** is many such sums side by side. $X$ has a row for each of $N$ samples and a column for each of $D$ \
      inputs: its shape is [N, D]. $W$ has a row of weights for each of the $K$ sums, called **units**, [K, D]. One matrix product \
      computes all sums $Y$, [N, K] ($b$ is added to every row):

      $$Y = X W^T + b \\qquad y_{nk} = \\sum_d x_{nd} w_{kd} + b_k$$

      A gradient has the shape of what it belongs to. For each number ask: through which sums does it reach $L$?

      - The weight $w_{kd}$ through $y_{nk}$ of every sample $n$, with slope $x_{nd}$: \
      $\\partial L/\\partial w_{kd} = \\sum_n (\\partial L/\\partial y_{nk})\\, x_{nd}$.
      - The bias $b_k$ through the same sums, with slope 1: $\\partial L/\\partial b_k = \\sum_n \\partial L/\\partial y_{nk}$.
      - The input $x_{nd}$ through all units $k$ of its own sample, with slope $w_{kd}$: \
      $\\partial L/\\partial x_{nd} = \\sum_k (\\partial L/\\partial y_{nk})\\, w_{kd}$.

      As matrix products:

      $$\\frac{\\partial L}{\\partial W} = \\left(\\frac{\\partial L}{\\partial Y}\\right)^T X \\qquad \
      \\frac{\\partial L}{\\partial b} = \\sum_n \\frac{\\partial L}{\\partial Y_n} \\qquad \
      \\frac{\\partial L}{\\partial X} = \\frac{\\partial L}{\\partial Y} W$$

      With numbers, for two samples of two inputs and one unit:

      $$X = \\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix} \\quad W = \\begin{bmatrix} 1 & -1 \\end{bmatrix} \\quad \
      \\frac{\\partial L}{\\partial Y} = \\begin{bmatrix} 1 \\\\ -2 \\end{bmatrix}$$

      The gradient of $W$ is 1 times the first row of $X$ and −2 times the second, added: [−5 −6]. That of $b$ is 1 − 2 = −1. \
      That of $X$ has a row for each sample, 1 times $W$ and −2 times $W$: [1 −1] and [−2 2].

      Exercises 1.1 and 1.2 build both directions.

      ## Can the gradient be trusted?

      A wrong backward pass does not crash. It trains, slowly and badly, and you blame the data. So every gradient is \
      compared with one that is *measured*: nudge a weight by $h$, compute the loss again, divide.

      $$\\frac{\\partial L}{\\partial w} \\approx \\frac{L(w + h) - L(w - h)}{2h}$$

      How far two gradients lie apart is said by the **relative error**, the length of their difference over the length of the one \
      that is trusted, ‖tested − trusted‖ / ‖trusted‖. In a check the measured gradient is trusted, and the backward pass tested.
      """)
    page.sideNote(
      "The notes on lecture 7 of CS231n (S2) list the gradient check as a sanity check before training. Exercise 1.3 writes it."
    )
    page.code("numericalGradient", in: "DifferenceSteps.swift")
    page.predict(
      """
      Swift's Float has about seven digits (Python's float is Double, with sixteen). How does the error of a gradient measured in \
      Float depend on the step $h$?
      """,
      drawing: single.name,
      """
      The best steps are near \(short(typicalSingle)). With a larger one the curve bends between the two points. With a smaller \
      one the two losses agree in nearly all their digits, and what is left of them is rounding: at $10^{-7}$, about the smallest change \
      of 1 that Float can tell, the error is \(percent(single.typical(at: 1e-7))).
      """)
    page.figure(
      Figure(
        "The smallest step is not the best: Float measures best near \(short(typicalSingle)), Double near \(short(typicalDouble))",
        .lines(
          LineChart(
            x: Axis("step h", log: true), y: Axis("relative error of the gradient", log: true),
            differences.curves.enumerated().map { index, curve in
              Series(
                curve.name, x: curve.steps, y: curve.typical, style: .line,
                isEmphasized: index == 0, color: index)
            },
            references: [.init(.horizontal, at: 1e-3, "a check passes below")])),
        caption: """
          A net with 16 weights; trusted is the gradient by the chain rule in Double, tested the measured one; the median of \(single.bestSteps.count) nets. To the right the error \
          of the rule itself, to the left that of rounding. The steps in the title are the best step of each net, averaged on \
          this axis.
          """,
        name: "gradient-check"))
    page.project("The smallest step is not the best")
    page.prose(
      """
      The slopes of figure 1 differ from measured ones by at most \(short(slopeError)). The best that Float can do is an error of \
      \(short(singleBest)), Double reaches \(short(doubleBest)). The library's checks use $h = 10^{-3}$, where Float's error is \
      \(short(single.typical(at: 1e-3))) here, and pass below $10^{-3}$.
      """)
    page.fold("Why the best step lies there") {
      $0.prose(
        """
        Expand the loss: $L(w \\pm h) = L \\pm hL' + \\frac{1}{2}h^2 L'' \\pm \\frac{1}{6}h^3 L'''$. In the central difference the even \
        terms cancel and the error is $\\frac{1}{6}h^2 L'''$; the one-sided one keeps $\\frac{1}{2}hL''$. Rounding adds about $uL/h$, \
        with $u$ = \(short(roundingUnits[0])) for Float and \(short(roundingUnits[1])) for Double. The sum is least at \
        $h = \\sqrt[3]{3uL/L'''}$, which is \(short(pow(3 * roundingUnits[0], 1.0 / 3))) and \
        \(short(pow(3 * roundingUnits[1], 1.0 / 3))) where $L$ and $L'''$ are equal; textbooks round it to $\\sqrt[3]{u}$.
        """)
    }
    if let mistakes = differences.mistakes {
      func caught(_ errors: Summary, _ limit: Double) -> TableCell {
        TableCell("\(errors.values.count { !($0 < limit) }) of \(errors.count)")
      }
      let double = differences.mistakesInDouble
      page.table(
        Table(
          "What a check sees of a mistake in the backward pass, in \(counted(mistakes[0].count, "net"))",
          columns: ["mistake", "relative error in Float, median", "caught"]
            + (double == nil ? [] : ["in Double, median", "caught"]),
          rows: GradientMistake.allCases.indices.map { index in
            [
              TableCell(GradientMistake.allCases[index].rawValue), TableCell(short(mistakes[index].median)),
              caught(mistakes[index], 1e-3),
            ]
              + (double.map {
                [TableCell(short($0[index].median)), caught($0[index], GradientMistake.limitInDouble)]
              } ?? [])
          }))
      page.prose(
        """
        These nets have biases, and a penalty of 10⁻⁴ on the weights. In Float $h$ is 10⁻³, and a check passes below 10⁻³\
        \(double == nil ? "" : "; in Double $h$ is 10⁻⁵, and it passes below 10⁻⁶").
        """)
    }
    let slopes = findings.spirals.snapshots.first.map { $0.parameters.joined().count } ?? 0
    page.prose(
      """
      \(hidden(differences))

      A right gradient can fail the check, too: at a *kink*, the corner of a function such as ReLU, $\\max(0, x)$ (chapter 2). Where a \
      sum is so near 0 that the nudge carries it across, the measured slope is a mixture of both sides. Keep a check's inputs off kinks; \
      a step smaller than the best crosses fewer of them.

      Then why not train with measured gradients? Each weight costs two forward passes: \(2 * slopes) for the \(slopes) weights and \
      biases of the spiral net below. The backward pass gives all \(slopes) slopes at once, for about the price of two.

      ## How far: the learning rate

      Each slope says what happens if one weight moves alone. If all move at once, by a little, their effects add: with weights \
      moved by $d$ the loss changes by about $\\nabla L\\cdot d$, where the **gradient** $\\nabla L$ is the list of all slopes. Of all \
      moves of one length that product is least where $d$ points against the gradient: no other direction goes down as steeply. \
      A step that way, of a size set by the **learning rate** $\\eta$, is gradient descent:

      $$w \\leftarrow w - \\eta\\,\\frac{\\partial L}{\\partial w}$$

      How large may $\\eta$ be? Near a minimum a smooth loss looks like a bowl. Let $u$ be the distance from the bottom along one \
      direction. The **curvature** $\\lambda$ is the second derivative there: how fast the slope changes as you walk. With \
      $L = \\frac{1}{2}\\lambda u^2$ the slope is $\\lambda u$, so one step gives $u - \\eta\\lambda u = (1 - \\eta\\lambda)\\,u$. That \
      shrinks as long as $|1 - \\eta\\lambda| < 1$, which is $\\eta < 2/\\lambda$.
      """)
    page.figure(parabola)
    page.prose(
      """
      A bowl has many directions, each with its $\\lambda$ and all with one $\\eta$: the *most sharply curved* one sets the limit.
      """)
  }

  /// Steps of five sizes down one parabola.
  private static var parabola: Figure {
    /// What one step multiplies the distance by, in words.
    func told(_ product: Double) -> String {
      let left = 1 - product
      let start = "ηλ = \(short(product)): a step multiplies u by 1 − \(short(product)) = \(short(left))"
      return start
        + (left == 0
          ? ", the bottom at once"
          : left > 0
            ? ", on the same side"
            : left > -1
              ? ", to the other side and lower"
              : left == -1 ? ", to and fro for ever" : ", to the other side and higher")
    }
    return Figure(
      "Steps down L = ½λu²: ηλ below 1 creeps, up to 2 it zigzags, above 2 it climbs out",
      exploring: FigureParameter("ηλ", values: [0.5, 1, 1.5, 2, 2.1], initial: 2),
      caption: "Six steps from u = 1. Where each lands is a point.",
      name: "parabola", titles: told
    ) { product in
      let range = stride(from: -1.75, through: 1.75, by: 0.05).map { $0 }
      let places = (0...6).map { pow(1 - product, Double($0)) }
      return .lines(
        LineChart(
          x: Axis("distance u from the bottom", range: -2...2), y: Axis("loss, in units of λ", range: 0...1.6),
          [
            Series("½u²", x: range, y: range.map { $0 * $0 / 2 }, style: .line, color: 7),
            Series(
              "steps, ηλ = \(short(product))", x: places, y: places.map { $0 * $0 / 2 }, style: .lineAndMarkers,
              isEmphasized: true,
              color: 1),
          ]))
    }
  }

  /// The largest relative errors of rounding, of Float and of Double: half the distance from 1 to the next number.
  static let roundingUnits = [Double(Float.ulpOfOne) / 2, Double.ulpOfOne / 2]

  /// Which mistakes a gradient check lets pass.
  private static func hidden(_ differences: DifferenceFindings) -> String {
    guard let mistakes = differences.mistakes else { return "" }
    let passing = zip(GradientMistake.allCases, mistakes).filter { $0 != .none && $1.median < 1e-3 }
    return passing.isEmpty
      ? "None of the mistakes in the table passes."
      : "Of the mistakes in the table \(passing.count == 1 ? "one hides" : "some hide"): \(passing.map(\.0.rawValue).joined(separator: ", ")). \(inDouble(differences))"
  }

  /// What a check in Double would see.
  private static func inDouble(_ differences: DifferenceFindings) -> String {
    guard let mistakes = differences.mistakesInDouble else { return "A term that small has to be checked by itself." }
    let limit = GradientMistake.limitInDouble
    let isSharp = zip(GradientMistake.allCases, mistakes).allSatisfy { ($0 == .none) == ($1.maximum < limit) }
    return isSharp
      ? "In Double a sound pass errs so little that a check can ask for less than 10⁻⁶, and it catches this one as well. Check in Double."
      : "A term that small has to be checked by itself."
  }

  /// How large a step may be.
  static func addBowl(to page: inout Page, _ found: BowlFindings) {
    let limits = found.largestRate

    let ends = [0.02, 0.05, 0.09, 0.102].map { found.walk($0).distances.last ?? 1 }
    page.predict(
      "A bowl has curvatures 20 and 1, so rates above 2/20 = 0.1 diverge. Which rate is nearest to the bottom after \(found.steps) steps?",
      choices: ["0.02", "0.05", "0.09", "0.102"], answer: ends.indices.min { ends[$0] < ends[$1] } ?? 0,
      """
      The best rate shrinks the steepest and the flattest direction alike, $20\\eta - 1 = 1 - \\eta$: it is 2/21 = \
      \(fixed(2.0 / 21, 3)), just inside the edge.
      """
    )
    page.project("Edge at 0.1: which rate gets furthest?")
    page.figure(
      Figure(
        "Too small a rate creeps; just inside the edge it zigzags and arrives; above \(fixed(limits.mean, 2)) it climbs out",
        exploring: FigureParameter("learning rate", values: BowlFindings.rates, initial: 4),
        caption: """
          Contours of $L$ with curvatures 1 and 20; a path of \(found.steps) steps from the upper left. Measured, the largest rate that \
          does not diverge is \(found.isOneRate ? "\(fixed(limits.mean, 4)) for every start" : "\(limits.formatted(decimals: 4)) over \(counted(limits.count, "start"))")\
          \(abs(limits.mean - 0.1) < 5e-4 ? ", as $2/\\lambda_{\\mathrm{max}}$ says" : "; $2/\\lambda_{\\mathrm{max}}$ is 0.1").
          """,
        name: "learning-rates",
        titles: { rate in
          let end = found.walk(rate).distances.last ?? 1
          // Beyond one over the largest curvature each step crosses the valley.
          return end > 1
            ? "Rate \(short(rate, digits: 3)): the walls throw the path out"
            : "Rate \(short(rate, digits: 3)) \(rate > 1.0 / 20 ? "zigzags" : "creeps"): \(short(end)) from the bottom at the end"
        }
      ) { rate in
        let walk = found.walk(rate)
        return .contour(
          ContourPlot(
            x: Axis("first weight", range: -1.2...1.2), y: Axis("second weight", range: -0.75...0.75),
            heights: BowlFindings.bowl.heights(-1.2...1.2, -0.75...0.75),
            levels: [0.05, 0.2, 0.6, 1.5, 3, 6, 12],
            paths: [Series("descent", x: walk.a, y: walk.b, style: .line, isEmphasized: true, color: 1)],
            hasEqualScales: true))
      })
    page.project("The best rate is just inside the edge")
    page.prose(
      """
      In general the best constant rate is $2/(\\lambda_{\\mathrm{max}} + \\lambda_{\\mathrm{min}})$, and each step leaves \
      (κ − 1)/(κ + 1) of the distance, with $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$.
      """)
  }

  /// A net that learns.
  static func addSpirals(to page: inout Page, _ findings: Findings) {
    let (found, frames) = (findings.spirals, findings.spirals.snapshots)
    let (hidden, steps, netErrors, line) = (
      found.hidden, found.steps, found.netErrors, found.lineErrors
    )
    page.prose(
      """
      ## A net that learns

      Two spirals wind around each other. No straight line separates them. Put one dense layer after another and bend what \
      lies between with tanh, an S from −1 to 1; the layer in the middle is **hidden**:

      $$H = \\tanh(X W_1^T + b_1) \\qquad Z = H W_2^T + b_2$$

      The **softmax** turns the sums $z_k$ of the last layer, a point's **scores**, into chances $p_k$ that add up to 1. The target \
      $t$ is now the right class. The loss is the **cross-entropy**, $-\\ln p_t$, averaged over the $N$ points:

      $$p_k = \\frac{e^{z_k}}{\\sum_j e^{z_j}} \\qquad L = -\\frac{1}{N} \\sum_n \\ln p_{n,t}$$

      Its slope is simple. Since $-\\ln p_t = \\ln \\sum_j e^{z_j} - z_t$, and the slope of the first term in $z_k$ is $p_k$, the slope \
      of the whole is $p_k - 1$ for the right class and $p_k$ for the others. With $1_t$, which is 1 at the right class, else 0:

      $$\\frac{\\partial L}{\\partial Z} = \\frac{p - 1_t}{N}$$

      (A program never takes $e^z$ of a raw score: $e^{89}$ is more than Float can hold. It subtracts the largest score from all \
      of them first, which leaves $p$ as it is; chapter 8.)

      From there it goes backwards through the layers:

      - The dense formulas give the gradients of $W_2$, $b_2$ and $H$.
      - That of $H$ is multiplied, number by number, by tanh's slope $1 - H^2$.
      - The dense formulas once more give the gradients of $W_1$ and $b_1$.

      This walk is the **backward pass**:
      """)
    page.code("bothPasses", in: "Spirals.swift")
    page.prose("In the training loop `model.step` does the same for any net; all else there is book-keeping.")
    page.fold("The training loop, in code") { $0.code("trainOnSpirals", in: "Spirals.swift") }
    /// The points of one spiral as a series without a line.
    func spiral(_ label: Int) -> Series {
      let places = found.labels.indices.filter { found.labels[$0] == label }
      return Series(
        label == 0 ? "first" : "second", x: places.map { Double(found.points[$0][0]) },
        y: places.map { Double(found.points[$0][1]) }, style: .points, color: label)
    }
    /// How many of the points a snapshot has on the wrong side.
    func wrong(_ frame: SpiralSnapshot) -> String {
      let share = frame.wrongSide(points: found.points, labels: found.labels, hidden: hidden)
      return "\(fixed(share * Double(found.labels.count), 0)) of \(found.labels.count) points"
    }
    page.figure(
      Figure(
        netErrors.mean < 0.01
          ? "\(hidden) tanh units fold the boundary around both spirals: \(wrong(frames[frames.count - 1])) of this net are on the wrong side after \(steps) steps"
          : "After \(steps) steps \(percent(netErrors.mean)) of the points are still on the wrong side",
        exploring: FigureParameter(
          "step", values: frames.map { Double($0.step) }, initial: frames.count - 1),
        caption: """
          On the thick line both spirals have a chance of 50 %; on the thin ones the second has 10 and 90 %. The loss goes from \
          \(fixed(found.firstLoss, 2)) to \(short(found.lastLoss)). 2 inputs, \(hidden) tanh units, 2 outputs; momentum 0.9 (below) at a rate of \
          0.3, all points in one batch. Drawn: seed \(findings.seeds[0]). Over \(counted(netErrors.count, "net")) \(netErrors.maximum == 0 ? "no point is" : "\(netErrors.inPercent.formatted(decimals: 1)) % of the points are") wrong.
          """,
        name: "spirals",
        titles: { step in
          "After \(counted(Int(step), "step")) \(wrong(frames.first { $0.step == Int(step) } ?? frames[0])) are on the wrong side"
        }
      ) { step in
        let chances = (frames.first { $0.step == Int(step) } ?? frames[0]).probabilities(hidden: hidden, range: 1.2)
        return .contour(
          ContourPlot(
            x: Axis("x₁", range: -1.2...1.2), y: Axis("x₂", range: -1.2...1.2), heights: chances,
            levels: [0.1, 0.5, 0.9], emphasis: 0.5, paths: [spiral(0), spiral(1)], hasEqualScales: true))
      })
    page.project("Hidden units fold the line around both spirals")
    page.live(
      "field", "Train the net yourself: the plane shows what it thinks",
      caption: """
        The colour is the class that the net would name, strong where it is sure. What if the rate doubles? How few hidden \
        units will do? What does one layer more do, what a batch of one, what ReLU in the place of tanh?
        """,
      figure: "spirals",
      settings: [
        "set": 0, "activation": 0, "units": 16, "depth": 2, "rate": -1, "momentum": 0.9, "batch": 32, "noise": 0.02,
        "seed": 1, "speed": 4,
      ])
    page.prose(
      """
      The same training without the hidden layer and its tanh ends with \(percent(line.mean)) of the points on the wrong side. It \
      is the tanh that bends the line: chapter 2 begins with why a hidden layer without one would not.
      """)
  }

  /// How many rates bring the median loss below 0.1, and how far apart they are.
  private static func goodRange(_ sweep: RateSweep, _ medians: [Double], steps: Int) -> String {
    let rates = sweep.rates
    let (good, decades) = (rates.indices.filter { medians[$0] < 0.1 }, log10(rates[rates.count - 1] / rates[0]))
    let tried = "of \(rates.count) rates over \(short(decades)) powers of ten"
    guard let first = good.first, let last = good.last else {
      return "After \(grouped(steps)) steps, \(tried), none brings the median loss below 0.1."
    }
    let (failing, ends) = (sweep.losses[last].count { !($0 < log(2)) }, (short(rates[first]), short(rates[last])))
    let which =
      good.count < 3
      ? "only \(good.map { short(rates[$0]) }.joined(separator: " and "))"
      : good.count == last - first + 1
        ? "those from \(ends.0) to \(ends.1)" : "\(good.count) between \(ends.0) and \(ends.1)"
    return "\(rates[last] <= 10 * rates[first] ? "Narrow" : "Here \(short(rates[last] / rates[first])) to 1"): "
      + "\(tried) \(which) \(good.count == 1 ? "brings" : "bring") the median loss below 0.1 after \(grouped(steps)) steps"
      + (failing == 0
        ? "."
        : ", and \(failing) of \(counted(sweep.losses[last].count, "net")) already \(failing == 1 ? "fails" : "fail") at \(ends.1).")
  }

  /// One learning rate after the other.
  static func addLearningRates(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    let medians = sweep.losses.map { Summary($0.map { $0.isFinite ? $0 : .infinity }).median }
    let best = medians.indices.min { medians[$0] < medians[$1] } ?? 0
    let bestRate = sweep.rates[best]
    let isValley = best > 0 && best < sweep.rates.count - 1
    let above = sweep.losses[(best + 1)...]
    let failing = sweep.losses[best].count { !($0 < log(2)) }
    let lost = above.joined().count { !($0 < log(2)) }
    // A run beyond the best rate that ends lowest of all.
    let lowest = sweep.losses.joined().filter(\.isFinite).min()
    let beyond = lost > 0 ? lowest.flatMap { above.joined().contains($0) ? $0 : nil } : nil
    page.prose(
      """
      How much does the learning rate matter here? The same net, now without momentum, at \(sweep.rates.count) rates:
      """)
    let runs = sweep.rates.indices.flatMap { rate in sweep.losses[rate].map { (sweep.rates[rate], $0) } }
      .filter { $0.1.isFinite }
    page.figure(
      Figure(
        isValley
          ? "The lowest median loss is at a rate of \(short(bestRate))\(failing > 0 ? ", where \(failing) of \(counted(sweep.losses[best].count, "net")) already \(failing == 1 ? "fails" : "fail")" : "")"
          : "Of these learning rates the \(best == 0 ? "smallest" : "largest") is best: the valley lies outside",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("loss after training", log: true),
            [
              Series(
                "median", x: sweep.rates, y: sweep.losses.map { Summary($0).median }, style: .line, isEmphasized: true,
                color: 0),
              Series("one net", x: runs.map(\.0), y: runs.map(\.1), style: .points, color: 6),
            ], references: [.init(.horizontal, at: log(2), "ln 2: knows nothing")])),
        caption: """
          Plain gradient descent with \(grouped(findings.sweepSteps)) steps, rates from \(short(sweep.rates[0])) to \(short(sweep.rates[sweep.rates.count - 1])), \
          \(counted(sweep.losses[0].count, "net")) for each. Above a rate of \(short(bestRate)), \
          \(lost) of \(counted(above.joined().count, "run")) end above ln 2\(beyond.map { "; the lowest loss of all, \(short($0)), is also there: past the edge training is a lottery" } ?? "").
          """,
        name: "rate-sweep"))
    page.project("Too small a rate idles, too large a rate explodes")
    let range = "How narrow is the good range? \(goodRange(sweep, medians, steps: findings.sweepSteps))"
    guard isValley else {
      page.prose(range)
      return
    }
    let next = sweep.losses[best + 1].count { !($0 < log(2)) }
    let tenth = nearest(to: bestRate / 10, in: sweep.rates)
    page.prose(
      """
      \(range) The upper side is an edge: at the next rate, \(fixed(sweep.rates[best + 1] / bestRate, 1)) times the best one, \(next) of \
      \(counted(sweep.losses[best + 1].count, "net")) \(next == 1 ? "ends" : "end") above ln 2. The lower side is only the number of \
      steps, for a smaller rate is slower: at \(short(sweep.rates[tenth])) the median loss is \(short(medians[tenth])), at the best \
      rate \(short(medians[best])).
      """)
  }

  /// The edge of a net, which is not that of a bowl.
  static func addMovingEdge(to page: inout Page, _ findings: Findings) {
    guard let found = findings.curvature else { return }
    let (rates, last) = (CurvatureFindings.rates, found.steps[found.steps.count - 1])
    let late = rates.indices.map { found.late($0) }
    // Of the mean as it is written, so that a reader who divides finds the same.
    let bowlEdge = 2 / ((found.first.mean * 10).rounded() / 10)
    let flattest = found.first.values.map { 2 / $0 }.max() ?? bowlEdge
    let sweep = findings.sweep
    let medians = sweep.losses.map { Summary($0.map { $0.isFinite ? $0 : .infinity }).median }
    let best = sweep.rates[medians.indices.min { medians[$0] < medians[$1] } ?? 0]
    page.prose(
      """
      Is this edge the $2/\\lambda_{\\mathrm{max}}$ of the bowl? The largest curvature of a net can be measured. Nudge all weights along \
      some direction, see how the gradient changes, take that change as the next direction, and so on: after a few rounds the most \
      sharply curved direction alone is left. Before training it gives $\\lambda_{\\mathrm{max}}$ = \(found.first.formatted(decimals: 1)). \
      A bowl so curved would throw out every rate above 2/\(fixed(found.first.mean, 1)) = \(fixed(bowlEdge, 2)); \
      \(best > 1.5 * flattest ? "the best rate of the figure above is \(short(best))" : "the best rate of the figure above is \(short(best)), about as much"). \
      But a bowl is curved alike everywhere, and a net is not:
      """)
    let isNear = late.allSatisfy { $0.mean < 2 && $0.mean > 0.5 }
    let words = rates.indices.map { "\(late[$0].formatted(decimals: 2)) at a rate of \(short(rates[$0]))" }
    page.figure(
      Figure(
        isNear
          ? "The edge moves: at each of three rates the largest curvature ends within a factor of \(fixed(late.map { max($0.mean, 1 / $0.mean) }.max() ?? 1, 1)) of 2/η"
          : "The largest curvature over 2/η, at three rates",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("steepest curvature, in units of 2/rate", log: true),
            rates.indices.map { rate in
              Series(
                "rate \(short(rates[rate]))", x: found.steps.map(Double.init),
                y: found.steps.indices.map { step in
                  let values = found.overEdge(rate, step).map { log(max($0, 1e-3)) }
                  return exp(values.reduce(0, +) / Double(values.count))
                }, style: .line, isEmphasized: rate == 1, color: [2, 0, 1][rate])
            }, references: [.init(.horizontal, at: 1, "the edge of a bowl")])),
        caption: """
          Above 1 a bowl would throw the path out. The spiral net, plain gradient descent on all points; geometric means of \
          \(counted(found.first.count, "net")). Over the second half of the \(last) steps: \(words.joined(separator: ", ")).
          """,
        name: "net-edge"))
    page.project(
      isNear ? "The steepest curvature settles near what the rate can bear" : "Where is the edge of a net?")
    page.prose(
      """
      \(ways(found)) So the curvature at the start does not tell the best rate of a net; a sweep like the one above does.
      """)
  }

  /// From which sides the curves come to 2/η, and who has described each.
  static func ways(_ found: CurvatureFindings) -> String {
    /// Of λ over 2/η the geometric mean over the nets, after each of the steps.
    let curves = CurvatureFindings.rates.indices.map { rate in
      found.steps.indices.map { step in exp(Summary(found.overEdge(rate, step).map { log(max($0, 1e-3)) }).mean) }
    }
    func names(_ places: [Int]) -> String {
      (places.count == 1 ? "the rate " : "the rates ")
        + places.map { short(CurvatureFindings.rates[$0]) }.joined(separator: " and ")
    }
    // From above: far beyond the edge at the start, and clearly lower at one of the first measurements.
    let early = found.steps.indices.filter { $0 > 0 && found.steps[$0] <= 50 }
    let falling = curves.indices.filter { rate in
      curves[rate][0] > 1.5 && early.contains { curves[rate][$0] < 0.7 * curves[rate][0] }
    }
    // From below: it lies under the edge for a while, and over the second half of the training no longer.
    let rising = curves.indices.filter { rate in
      let least = curves[rate].dropLast().min() ?? 1
      return !falling.contains(rate) && least < 0.9 && found.late(rate).mean > 1.2 * least
    }
    let above =
      falling.isEmpty
      ? ""
      : " *From above*, at \(names(falling)): the curvature falls within the first \(found.steps[early[early.count - 1]]) steps. "
        + "Lewkowycz et al. 2020 call it a *catapult*: too long a step throws the weights to where the loss is flatter."
    let below =
      rising.isEmpty ? "" : " *From below*, at \(names(rising)): the curvature is under 2/η for a while, then rises."
    return "A step that is too long for a steep place need not end the training: the path swings wider across the "
      + "valley, and where it swings to, the loss is often flatter, which a bowl never is.\(above)\(below) "
      + "Cohen et al. 2021 found in many nets that the curvature rises in training until it is 2/η (*progressive sharpening*) "
      + "and then stays near it (the *edge of stability*)."
  }
}
