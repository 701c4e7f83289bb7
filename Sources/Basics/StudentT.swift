// Student's t: how many standard errors the mean of a few measurements may be off.

/// The 97.5 % point of Student's t with so many degrees of freedom: 95 % of all means lie within so many standard errors of
/// the truth. With 2 degrees of freedom it is 4.3, with 4 it is 2.8, with very many 1.96; infinity with none.
///
/// - Source: Student 1908, *The probable error of a mean*.
package func studentT(freedom: Int) -> Double {
  if freedom < 1 { return .infinity }
  let exact = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]
  if freedom <= exact.count { return exact[freedom - 1] }
  // Beyond ten degrees of freedom the series about the normal distribution's 1.96 is good to 0.002.
  let n = Double(freedom)
  return 1.96 + 2.4 / n + 2.8 / (n * n)
}
