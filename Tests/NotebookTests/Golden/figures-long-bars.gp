set encoding utf8
set terminal svg size 760,345 dynamic noenhanced font 'Inter,15' butt
unset key; set border 3 lc rgb '#8a8f98' lw 1.1
set tics nomirror out scale 0.6,0.3 textcolor rgb '#1d2024'
set style line 100 lc rgb '#b9bcc2' lw 0.88 dt (2,4)
set border 2 lc rgb '#8a8f98' lw 1.1
set arrow 1 from screen 0.071053, screen 0.69919 to screen 0.99474, screen 0.69919 nohead front lc rgb '#8a8f98' lw 1.1 dt solid
set lmargin at screen 0.071053; set rmargin at screen 0.99474
set tmargin at screen 0.9; set bmargin at screen 0.15217
set xrange [-0.5:4.5]; unset xtics
set yrange [-0.474:0.174]
set ytics ('−0.4' -0.4, '−0.2' -0.2, '0.0' 0)
set grid ytics back ls 100
set label 1 'change of the test error (percentage points)' at screen 0.0026316, screen 0.96739 left front textcolor rgb '#1d2024'
set label 2 'no augmentation' at screen 0.16342, screen 0.10435 center front textcolor rgb '#1d2024'
set label 3 'at all' at screen 0.16342, screen 0.05 center front textcolor rgb '#1d2024'
set label 4 'shifts of two' at screen 0.34816, screen 0.10435 center front textcolor rgb '#1d2024'
set label 5 'pixels' at screen 0.34816, screen 0.05 center front textcolor rgb '#1d2024'
set label 6 'shifts, rotations' at screen 0.53289, screen 0.10435 center front textcolor rgb '#1d2024'
set label 7 'and scales' at screen 0.53289, screen 0.05 center front textcolor rgb '#1d2024'
set label 8 'all, and elastic' at screen 0.71763, screen 0.10435 center front textcolor rgb '#1d2024'
set label 9 'distortion' at screen 0.71763, screen 0.05 center front textcolor rgb '#1d2024'
set label 10 'elastic only' at screen 0.90237, screen 0.10435 center front textcolor rgb '#1d2024'
set label 11 '0.00' at screen 0.16342, screen 0.72746 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 12 '−0.21' at screen 0.34816, screen 0.42858 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 13 '−0.33' at screen 0.53289, screen 0.2901 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 14 '−0.42' at screen 0.71763, screen 0.18623 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 15 '0.12' at screen 0.90237, screen 0.86594 center front textcolor rgb '#1d2024' font 'Inter,13'
$bars1 << EOD
0 0 -0.3588 0.3588 0 0
1 -0.21 0.6412 1.3588 -0.21 0
2 -0.33 1.6412 2.3588 -0.33 0
3 -0.42 2.6412 3.3588 -0.42 0
4 0.12 3.6412 4.3588 0 0.12
EOD
plot \
  $bars1 using 1:2:3:4:5:6 with boxxyerror fc rgb '#0072b2' fs solid 0.92 noborder notitle
