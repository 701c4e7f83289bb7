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

      A **dense layer** is many such sums side by side. $X$ has a row for each of $N$ samples; it is [N, D], which means N rows \
      and D columns. $W$ has a row of weights for each of the $K$ sums, called **units**, [K, D]. One matrix product computes all sums $Y$, [N, K], \
      and one more each of the gradients of $W$ and $X$. A gradient has the shape of what it belongs to. Why this product? In \
      $y_{nk} = \\sum_d x_{nd} w_{kd} + b_k$ the weight $w_{kd}$ reaches $L$ through the $y_{nk}$ of every sample $n$, so \
      $\\partial L/\\partial w_{kd} = \\sum_n (\\partial L/\\partial y_{nk})\\, x_{nd}$, a sum over paths ($b$ is added to every row):

      $$Y = X W^T + b \\qquad \\frac{\\partial L}{\\partial W} = \\left(\\frac{\\partial L}{\\partial Y}\\right)^T X \\qquad \
      \\frac{\\partial L}{\\partial X} = \\frac{\\partial L}{\\partial Y} W \\qquad \
      \\frac{\\partial L}{\\partial b} = \\sum_n \\frac{\\partial L}{\\partial Y_n}$$

      Exercises 1.1 and 1.2 build both directions.

      ## Can the gradient be trusted?

      A wrong backward pass does not crash. It trains, slowly and badly, and you blame the data. So every gradient is \
      compared with one that is *measured*: nudge a weight by $h$, compute the loss again, divide.

      $$\\frac{\\partial L}{\\partial w} \\approx \\frac{L(w + h) - L(w - h)}{2h}$$
      """)
    page.sideNote(
      "The notes on lecture 7 of CS231n (S2) list the gradient check as a sanity check before training. Exercise 1.3 writes it."
    )
    page.predict(
      "Float has about seven digits. Which step $h$ measures its gradient best?",
      choices: ["1e-7, about the smallest change of 1 that Float can tell", "1e-5", "0.006", "0.5"],
      answer: nearest(to: typicalSingle, in: [1e-7, 1e-5, 0.006, 0.5]),
      """
      Measured best steps are near \(short(typicalSingle)). Why there? L(w ± h) = L ± hL′ + ½h²L″ ± ⅙h³L‴. In the central difference the even terms cancel and the error is ⅙h²L‴; the \
      one-sided one keeps ½hL″. The two losses are nearly equal, and rounding adds about uL/h, with u = \
      \(short(roundingUnits[0])) for Float (7 digits) and \(short(roundingUnits[1])) for Double (16 digits). The sum is \
      least at h = ∛(3uL/L‴), which is \(short(pow(3 * roundingUnits[0], 1.0 / 3))) and \
      \(short(pow(3 * roundingUnits[1], 1.0 / 3))) where L and L‴ are equal; textbooks round it to ∛u. At $10^{-7}$ Float's error is \(percent(single.typical(at: 1e-7))).
      """)
    page.project("Which step measures a gradient best?")
    page.code("numericalGradient", in: "DifferenceSteps.swift")

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
          ‖measured − exact‖ / ‖exact‖ of a net with 16 weights; the median of \(single.bestSteps.count) nets. To the right the error \
          of the rule itself, to the left that of rounding. The steps in the title are the best step of each net, averaged on \
          this axis.
          """,
        name: "gradient-check"))
    page.project("The smallest step is not the best")
    page.prose(
      """
      The slopes of figure 1 differ from measured ones by at most \(short(slopeError)). The best that Float can do is an error of \
      \(short(singleBest)), Double reaches \(short(doubleBest)). The library's checks use $h = 10^{-3}$, where Float's error is \
      \(short(single.typical(at: 1e-3))) here, and pass below $10^{-3}$. \(hidden(differences)) One thing fails though it is \
      right: a kink, the corner of a function such as ReLU, $\\max(0, x)$ (chapter 2). If its sum is so near 0 that the nudge \
      carries it across, the measured slope is a mixture of the two. Keep a check's inputs off kinks; a step smaller than the \
      best crosses fewer of them.
      """)
    if let mistakes = differences.mistakes {
      page.table(
        Table(
          "What the check sees of a mistake in the backward pass, h = 10⁻³, Float; \(counted(mistakes[0].count, "net")) with biases and a penalty of 10⁻⁴ on the weights",
          columns: ["mistake", "relative error, median", "caught"],
          rows: zip(GradientMistake.allCases, mistakes).map { mistake, errors in
            [
              TableCell(mistake.rawValue), TableCell(short(errors.median)),
              TableCell("\(errors.values.count { !($0 < 1e-3) }) of \(errors.count)"),
            ]
          }))
    }
    let slopes = findings.spirals.snapshots.first.map { $0.parameters.joined().count } ?? 0
    page.prose(
      """
      Then why not train with measured gradients? Each weight costs two forward passes: \(2 * slopes) for the \(slopes) weights and \
      biases of the spiral net below. The backward pass gives all \(slopes) slopes at once, for about the price of two.

      ## How far: the learning rate

      The gradient points uphill; a step the other way, of a size set by the **learning rate** $\\eta$, is gradient descent:

      $$w \\leftarrow w - \\eta\\,\\frac{\\partial L}{\\partial w}$$

      How large may $\\eta$ be? Near a minimum a smooth loss looks like a bowl. Along a direction of curvature $\\lambda$, with \
      $L = \\frac{1}{2}\\lambda u^2$, one step gives $u \\leftarrow (1 - \\eta\\lambda)\\,u$. That shrinks as long as \
      $|1 - \\eta\\lambda| < 1$, which is $\\eta < 2/\\lambda$: the *most sharply curved* direction sets the limit for all.
      """)
  }

  /// The largest relative errors of rounding, of Float and of Double: half the distance from 1 to the next number.
  static let roundingUnits = [Double(Float.ulpOfOne) / 2, Double.ulpOfOne / 2]

  /// Which mistakes a gradient check lets pass.
  private static func hidden(_ differences: DifferenceFindings) -> String {
    guard let mistakes = differences.mistakes else { return "" }
    let passing = zip(GradientMistake.allCases, mistakes).filter { $0 != .none && $1.median < 1e-3 }
    return passing.isEmpty
      ? "None of the mistakes in the table passes."
      : "Of the mistakes in the table \(passing.count == 1 ? "one hides" : "some hide"): \(passing.map(\.0.rawValue).joined(separator: ", ")). A term that small has to be checked by itself."
  }

  /// How large a step may be.
  static func addBowl(to page: inout Page, _ found: BowlFindings) {
    let limits = found.largestRate

    let ends = [0.02, 0.05, 0.09, 0.102].map { found.walk($0).distances.last ?? 1 }
    page.predict(
      "A bowl has curvatures 20 and 1, so rates above 2/20 = 0.1 diverge. Which rate is nearest to the bottom after \(found.steps) steps?",
      choices: ["0.02", "0.05", "0.09", "0.102"], answer: ends.indices.min { ends[$0] < ends[$1] } ?? 0,
      """
      The best constant rate shrinks the steepest and the flattest direction alike: $\\eta\\lambda_{\\mathrm{max}} - 1 = 1 - \\eta\\lambda_{\\mathrm{min}}$, so \
      $\\eta = 2/(\\lambda_{\\mathrm{max}} + \\lambda_{\\mathrm{min}})$. Each step leaves (κ − 1)/(κ + 1) of the distance, with \
      $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$. Here that rate is 2/21 = \(fixed(2.0 / 21, 3)), just inside the edge.
      """
    )
    page.project("Edge at 0.1: which rate gets furthest?")
    page.figure(
      Figure(
        "Too small creeps, just inside the edge zigzags and arrives, above \(fixed(limits.mean, 2)) climbs out",
        exploring: FigureParameter("learning rate", values: BowlFindings.rates, initial: 4),
        caption: """
          Contours of $L$ with curvatures 1 and 20; a path of \(found.steps) steps from the upper left. Measured, the largest rate that \
          does not diverge is \(found.isOneRate ? "\(fixed(limits.mean, 4)) for every start" : "\(limits.formatted(decimals: 4)) over \(counted(limits.count, "start"))")\
          \(abs(limits.mean - 0.1) < 5e-4 ? ", as $2/\\lambda_{\\mathrm{max}}$ says" : "; $2/\\lambda_{\\mathrm{max}}$ is 0.1").
          """,
        name: "learning-rates",
        titles: { rate in
          let end = found.walk(rate).distances.last ?? 1
          return end > 1
            ? "η = \(short(rate, digits: 3)): the walls throw the path out"
            : "η = \(short(rate, digits: 3)): after \(found.steps) steps \(short(end)) from the bottom"
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

      The **softmax** turns the sums $z_k$ of the last layer, a point's **scores**, into chances $p_k$. The target $t$ is now the \
      right class. The loss is the **cross-entropy**, $-\\ln p_t$, averaged over the $N$ points. Since $\\ln p_t = z_t - \\ln \\sum_j e^{z_j}$, the slope of $-\\ln p_t$ in \
      $z_k$ is $p_k - 1$ for the right class and $p_k$ for the others; $1_t$ is 1 at the right class, else 0:

      $$p_k = \\frac{e^{z_k}}{\\sum_j e^{z_j}} \\qquad L = -\\frac{1}{N} \\sum_n \\ln p_{n,t} \\qquad \
      \\frac{\\partial L}{\\partial Z} = \\frac{p - 1_t}{N}$$

      From there the dense formulas give the gradients of $W_2$, $b_2$ and $H$. That of $H$, times tanh's slope $1 - H^2$ number by \
      number, goes into the dense formulas once more and gives those of $W_1$ and $b_1$. This walk is the **backward pass**. \
      `model.step` makes both passes:
      """)
    page.code("trainOnSpirals", in: "Spirals.swift")
    /// The points of one spiral as a series without a line.
    func spiral(_ label: Int) -> Series {
      let places = found.labels.indices.filter { found.labels[$0] == label }
      return Series(
        label == 0 ? "first" : "second", x: places.map { Double(found.points[$0][0]) },
        y: places.map { Double(found.points[$0][1]) }, style: .points, color: label)
    }
    func share(_ errors: Summary) -> String { percent(errors.mean, errors.maximum > 0 && errors.mean < 0.01 ? 1 : 0) }
    /// The share of the points that a snapshot has on the wrong side.
    func errors(_ frame: SpiralSnapshot) -> Double {
      frame.wrongSide(points: found.points, labels: found.labels, hidden: hidden)
    }
    page.figure(
      Figure(
        netErrors.mean < 0.01
          ? "\(hidden) tanh units fold the boundary around both spirals: \(share(netErrors)) of the points wrong after \(steps) steps"
          : "After \(steps) steps \(share(netErrors)) of the points are still on the wrong side",
        exploring: FigureParameter(
          "step", values: frames.map { Double($0.step) }, initial: frames.count - 1),
        caption: """
          On the thick line both spirals have a chance of 50 %; on the thin ones the second has 10 and 90 %. The loss goes from \
          \(fixed(found.firstLoss, 2)) to \(short(found.lastLoss)). 2 inputs, \(hidden) tanh units, 2 outputs; momentum 0.9 (below) at a rate of \
          0.3, all points in one batch. Seed \(findings.seeds[0]), 100 points on each arm.
          """,
        name: "spirals",
        titles: { step in
          let wrong = errors(frames.first { $0.step == Int(step) } ?? frames[0])
          return "After \(counted(Int(step), "step")) \(percent(wrong)) of the points are on the wrong side"
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
      The same training without the hidden layer ends with \(percent(line.mean)) of the points on the wrong side. The hidden \
      layer is what bends the line; chapter 2 is about how it does so.
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
    page.prose(
      """
      How narrow is the good range of rates? \(goodRange(sweep, medians, steps: findings.sweepSteps)) Here is the same net, now \
      without momentum:
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
          The same net on the spirals, plain gradient descent with \(findings.sweepSteps) steps; \
          \(sweep.rates.count) rates from \(short(sweep.rates[0])) to \(short(sweep.rates[sweep.rates.count - 1])), \
          \(counted(sweep.losses[0].count, "net")) for each. Above a rate of \(short(bestRate)), \
          \(lost) of \(counted(above.joined().count, "run")) end above ln 2.
          """,
        name: "rate-sweep"))
    page.project("Too small a rate idles, too large a rate explodes")
    guard isValley else { return }
    let next = sweep.losses[best + 1].count { !($0 < log(2)) }
    let tenth = nearest(to: bestRate / 10, in: sweep.rates)
    page.prose(
      """
      At the next rate, \(fixed(sweep.rates[best + 1] / bestRate, 1)) times the best one, \(next) of \
      \(counted(sweep.losses[best + 1].count, "net")) \(next == 1 ? "ends" : "end") above ln 2. A smaller rate is only slower: at \
      \(short(sweep.rates[tenth])) the median loss is \(short(medians[tenth])), at the best rate \(short(medians[best])).
      """)
  }
}
