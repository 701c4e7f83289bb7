// The exercises of chapter 2, in order.

extension Catalogue {
  package static let chapter02: [any AnyExercise] = [ex02_1, ex02_2, ex02_3, ex02_4, ex02_5]
}
