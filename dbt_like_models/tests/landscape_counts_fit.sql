/* ---
model: marts.enrollment_landscape
description: Studies with a kind of enrollment are among those with an enrollment, and these among all.
--- */
SELECT condition, phase, start_year, studies, studies_with_enrollment, studies_actual, studies_estimated
FROM marts.enrollment_landscape
WHERE studies_actual + studies_estimated > studies_with_enrollment OR studies_with_enrollment > studies
