// Gradient clipping, penalties, and the max-norm constraint.

import Tensors

extension Layer {
  /// Clips every element of every gradient to [−limit, limit].
  public mutating func clipGradients(toValue limit: Float) {
    demand(limit > 0, "clipGradients: the limit must be positive, got \(limit)")
    visitParameters { _, parameter in
      parameter.gradient.withUnsafeMutableElements { g in
        // Comparisons with NaN are false, so a NaN is kept and stays visible.
        for i in g.indices { g[i] = g[i] > limit ? limit : g[i] < -limit ? -limit : g[i] }
      }
    }
  }

  /// Scales all gradients by the same factor if their joint Euclidean norm ‖g‖ exceeds `limit`: g ← g·limit/‖g‖.
  ///
  /// The direction of the step does not change.
  /// - Returns: the norm before clipping.
  /// - Source: Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, algorithm 1.
  @discardableResult
  public mutating func clipGradients(toNorm limit: Double) -> Double {
    demand(limit > 0, "clipGradients: the limit must be positive, got \(limit)")
    var squares = 0.0
    visitParameters { _, parameter in
      for g in parameter.gradient.elements { squares += Double(g) * Double(g) }
    }
    let norm = squares.squareRoot()
    if norm > limit {
      let scale = Float(limit / norm)
      visitParameters { _, parameter in
        parameter.gradient.withUnsafeMutableElements { g in for i in g.indices { g[i] *= scale } }
      }
    }
    return norm
  }

  /// Adds the gradient of the penalty λ₁·Σ|w| + ½·λ₂·Σw², over all parameters that decay, to their gradients.
  ///
  /// The derivative of |w| at 0 is taken as 0.
  /// - Returns: the penalty itself, to be added to the loss.
  @discardableResult
  public mutating func addPenalty(l1: Float = 0, l2: Float = 0) -> Double {
    demand(l1 >= 0 && l2 >= 0, "addPenalty: both factors must be at least 0, got \(l1) and \(l2)")
    var penalty = 0.0
    visitParameters { _, parameter in
      guard parameter.decays else { return }
      let (value, gradient) = (parameter.value, parameter.gradient.count)
      demand(value.count == gradient, "addPenalty: \(value.count) weights have \(gradient) gradients")
      parameter.gradient.withUnsafeMutableElements { g in
        value.withUnsafeElements { w in
          for i in w.indices {
            g[i] += l2 * w[i] + (w[i] > 0 ? l1 : w[i] < 0 ? -l1 : 0)
            penalty += Double(l1) * Double(abs(w[i])) + 0.5 * Double(l2) * Double(w[i]) * Double(w[i])
          }
        }
      }
    }
    return penalty
  }

  /// Max-norm constraint: scales the incoming weights of each unit to a Euclidean norm of at most `limit`, after a
  /// step.
  ///
  /// A unit is a row of a dense layer's weights [out, in], or a filter of a convolution's weights [out, in, kh, kw].
  /// Only parameters that decay and have at least two axes are changed.
  /// - Source: Srivastava et al. 2014, JMLR 15, section 5.1.
  public mutating func constrainNorms(to limit: Double) {
    demand(limit > 0, "constrainNorms: the limit must be positive, got \(limit)")
    visitParameters { _, parameter in
      guard parameter.decays, parameter.value.shape.rank >= 2 else { return }
      let units = parameter.value.shape[0]
      let width = parameter.value.count / max(1, units)
      parameter.value.withUnsafeMutableElements { w in
        for unit in 0..<units {
          let row = unit * width..<(unit + 1) * width
          let norm = row.reduce(0.0) { $0 + Double(w[$1]) * Double(w[$1]) }.squareRoot()
          if norm > limit { for i in row { w[i] *= Float(limit / norm) } }
        }
      }
    }
  }
}
