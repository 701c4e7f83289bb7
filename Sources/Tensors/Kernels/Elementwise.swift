// Functions applied to every element: the loop over the tensors, divided among the cores.

extension Kernels {
  /// The number of elements in a chunk: about 16,384, because below that a second core costs more than it saves. All
  /// chunks have the same size, so half of the chunks hold half of the samples.
  private static func grain(_ count: Int) -> Int {
    let chunks = (count + 16_383) / 16_384
    return (count / max(chunks, 1) + 16) & ~15
  }

  /// Computes y = f(x) element by element; `f` receives contiguous runs of memory, so its loop can be vectorized.
  ///
  /// - Parameters:
  ///   - x: any shape.
  ///   - y: resized to the shape of x and overwritten.
  ///   - f: computes `count` results.
  public static func map(
    _ x: Tensor, into y: inout Tensor,
    _ f: @Sendable (_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) -> Void
  ) {
    y.resize(to: x.shape)
    let (count, grain) = (x.count, grain(x.count))
    x.withUnsafeElements { x in
      y.withUnsafeMutableElements { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        Parallel.forEach(chunks: (count + grain - 1) / grain, on: (x, y)) { chunk, memory in
          let (x, y) = memory
          let start = chunk * grain
          f(x + start, y + start, min(grain, count - start))
        }
      }
    }
  }

  /// Computes y = f(a, b) element by element, for two tensors of the same size.
  ///
  /// - Precondition: `a.count == b.count`.
  public static func map(
    _ a: Tensor, _ b: Tensor, into y: inout Tensor,
    _ f:
      @Sendable (
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
      ) -> Void
  ) {
    demand(a.count == b.count, "map: tensors of the same size expected, got \(a.shape) and \(b.shape)")
    y.resize(to: a.shape)
    let (count, grain) = (a.count, grain(a.count))
    a.withUnsafeElements { a in
      b.withUnsafeElements { b in
        y.withUnsafeMutableElements { y in
          guard let a = a.baseAddress, let b = b.baseAddress, let y = y.baseAddress else { return }
          Parallel.forEach(chunks: (count + grain - 1) / grain, on: (a, b, y)) { chunk, memory in
            let (a, b, y) = memory
            let start = chunk * grain
            f(a + start, b + start, y + start, min(grain, count - start))
          }
        }
      }
    }
  }
}
