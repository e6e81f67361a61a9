# The pages behind error_uri, for the makers of apps.
explanation-menders = Wer es beheben kann
explanation-steps = Was jetzt zu tun ist
explanation-examples = So sieht es aus
explanation-browser-only = Ihre App bekommt keine Antwort: Der Browser der Person zeigt eine Seite von uns, auf der es steht.
explanation-reason = Grund, wie Programme ihn lesen

occasion-authorization = In der Query (oder dem Formular), mit der der Browser zu Ihrer redirect_uri zurückkommt:
occasion-grant = Vom Token-Endpunkt, für einen Code oder ein Refresh-Token, mit Status
occasion-machine = Vom Token-Endpunkt, für grant_type=client_credentials, mit Status

mender-developer = Sie, die Sie die App entwickeln.
mender-person = Die Person, die Ihre App benutzt.
mender-organization = Die Verwaltung der Organisation, zu der die Person gehört.
mender-platform = Die Betreiber dieser Plattform.

step-leave-org-id-out = Lassen Sie org_id (und seine anderen Namen organization und organization_id) in der Anfrage weg.
step-check-org-id = Prüfen Sie, ob org_id der Wert des Claims org_id aus einem Token dieser Person ist. Ein Name oder eine Domain ist keine org_id.
step-authorize-for-it = Schicken Sie die Person mit dieser org_id noch einmal zum Authorization-Endpunkt und lassen Sie sie die Organisation für Ihre App wählen.
step-authorize-again = Schicken Sie die Person danach noch einmal zum Authorization-Endpunkt. Frühere Freigaben leben nicht von selbst wieder auf.
step-use-authorization-uri = Schicken Sie die Person zur authorization_uri aus der Antwort. Fügen Sie vorher wie gewohnt state, nonce und code_challenge hinzu.
step-keep-refresh-token = Behalten Sie das Refresh-Token: Diese Antwort hat es nicht verbraucht, und für die übrigen Organisationen der Freigabe gilt es weiter.
step-ask-for-membership = Bitten Sie die Verwaltung der Organisation, die Person als Mitglied aufzunehmen.
step-ask-for-approval = Bitten Sie die Verwaltung der Organisation, Ihre App zu erlauben.
step-install-first = Jemand aus der Organisation muss Ihre App einmal erlauben, indem er sich über sie anmeldet, oder die Verwaltung muss sie freigeben.
step-ask-platform = Fragen Sie die Betreiber der Plattform, warum die Organisation gesperrt ist. Nur sie können die Sperre aufheben.
step-check-client-id = Prüfen Sie die client_id, und ob Sie die Leute zu der Plattform schicken, bei der die App registriert ist.
step-register-redirect-uri = Registrieren Sie die redirect_uri Ihrer App Byte für Byte so, wie Sie sie senden: Schema, Host, Port, Pfad, Query und Schrägstrich am Ende.
step-start-again = Beginnen Sie in Ihrer App noch einmal mit einer neuen Anfrage. Speichern und teilen Sie keine Adressen von Seiten dazwischen.
step-leave-forms-alone = Schicken Sie die Leute zu unseren Seiten und lassen Sie sie die Formulare im eigenen Browser ausfüllen. Von Ihren Seiten oder Servern aus lassen sich unsere Formulare nicht absenden.
step-ask-for-invitation = Bitten Sie die Betreiber der Plattform, das Konto anzulegen.

reason-tenants_not_used-title = Diese Plattform kennt keine Organisationen
reason-tenants_not_used-text = Die Anfrage nannte eine Organisation, aber hier arbeiten Menschen und Apps nicht für Organisationen.
reason-no_tenant-title = Eine Organisation ist nötig
reason-no_tenant-text = Hier arbeitet man für eine Organisation. Diese Person gehört zu keiner, oder zu keiner, die Ihre App erlaubt.
reason-tenant_not_granted-title = Die Freigabe gilt nicht für diese Organisation
reason-tenant_not_granted-text = Die Person hat Ihre App für bestimmte Organisationen erlaubt, und die genannte ist nicht darunter. Ob es sie gibt, wird nicht gesagt.
reason-not_a_member-title = Kein Mitglied dieser Organisation
reason-not_a_member-text = Die Person gehört nicht oder nicht mehr zu der Organisation, oder es gibt sie nicht. Was davon zutrifft, wird nicht gesagt.
reason-tenant_suspended-title = Die Organisation ist oder war gesperrt
reason-tenant_suspended-text = Die Plattform hat die Organisation gesperrt. Alles, was vorher für sie freigegeben wurde, ist zu Ende, auch wenn die Sperre wieder aufgehoben wurde.
reason-app_not_allowed-title = Die Organisation erlaubt Ihre App nicht
reason-app_not_allowed-text = Die Organisation entscheidet, welche Apps ihre Leute benutzen dürfen, und Ihre ist nicht darunter.
reason-app_removed-title = Die Organisation hat Ihre App entfernt
reason-app_removed-text = Die Verwaltung hat Ihre App aus der Organisation genommen oder blockiert. Alles, was vorher für sie freigegeben wurde, ist zu Ende.
reason-app_not_installed-title = Ihre App ist in dieser Organisation nicht in Gebrauch
reason-app_not_installed-text = Eine App handelt nur dort selbst für eine Organisation, wo sie zugelassen wurde. Das wurde sie nicht, oder es gibt keine solche Organisation. Was davon zutrifft, wird nicht gesagt.
reason-sign_in_too_old-title = Die Anmeldung ist zu alt
reason-sign_in_too_old-text = Die Organisation will, dass ihre Leute sich öfter anmelden, als diese Person es getan hat.
reason-connection_required-title = Die Organisation hat eine eigene Anmeldung
reason-connection_required-text = Ihre Leute müssen sich über den Identitätsanbieter der Organisation anmelden, und diese Person tat es auf anderem Weg.
reason-connection_disabled-title = Dieser Anmeldeweg ist abgeschaltet
reason-connection_disabled-text = Die Person hat sich über eine Verbindung angemeldet, die seither abgeschaltet wurde. Was darauf beruhte, endete damit.
reason-unknown_client-title = Wir kennen diese App nicht
reason-unknown_client-text = Unter dieser client_id ist hier keine App registriert, oder sie wurde abgeschaltet.
reason-redirect_uri-title = Die redirect_uri ist nicht registriert
reason-redirect_uri-text = Die Anfrage nannte keine redirect_uri oder eine, die für diese App nicht registriert ist. Dorthin wird niemand geschickt.
reason-flow_expired-title = Die Anmeldung ist vorbei
reason-flow_expired-text = Sie wurde schon abgeschlossen, hat zu lange gedauert oder begann in einem anderen Browser.
reason-foreign_form-title = Das Formular kam nicht von unserer Seite
reason-foreign_form-text = Ein Formular von uns zählt nur, wenn die Seite demselben Browser gezeigt wurde, und nicht vor zu langer Zeit.
reason-sign_up_closed-title = Konten gibt es auf Einladung
reason-sign_up_closed-text = Niemand kann hier selbst ein Konto anlegen.
