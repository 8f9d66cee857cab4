import { map, type Observable } from 'rxjs';
import { explainReturn, explainValue } from '../../api/functions';
import type { ReturnDayPage, ReturnExplanation, ValueExplanation, ValuePartPage } from '../../api/models';
import type { StrictHttpResponse } from '../../api/strict-http-response';

/** An explanation is a page of its parts with what they make together. */
export const readValue = (
  ...[http, root, params, context]: Parameters<typeof explainValue>
): Observable<StrictHttpResponse<ValueExplanation & ValuePartPage>> =>
  explainValue(http, root, params, context).pipe(
    map(
      (answer) =>
        answer.clone({ body: { ...answer.body, ...answer.body.parts } }) as StrictHttpResponse<
          ValueExplanation & ValuePartPage
        >,
    ),
  );

export const readReturn = (
  ...[http, root, params, context]: Parameters<typeof explainReturn>
): Observable<StrictHttpResponse<ReturnExplanation & ReturnDayPage>> =>
  explainReturn(http, root, params, context).pipe(
    map(
      (answer) =>
        answer.clone({ body: { ...answer.body, ...answer.body.days } }) as StrictHttpResponse<
          ReturnExplanation & ReturnDayPage
        >,
    ),
  );
