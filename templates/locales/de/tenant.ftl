# The choice of an organization, and organizations on other pages.
tenant-title = Organisation wählen
tenant-heading = Für welche Organisation ist { $app }?
tenant-lead = { $app } arbeitet in der Organisation, die Sie wählen. Ihre anderen bleiben ihr verschlossen, solange Sie sie nicht selbst hinzufügen.
tenant-filter = Organisation suchen
tenant-filter-none = Keine Organisation heißt so.
tenant-nobody = Keine Organisation, nur ich
tenant-nobody-hint = { $app } sieht nichts aus irgendeiner Organisation.
tenant-deny = Abbrechen und zurück zu { $app }
role-member = Mitglied
role-admin = Verwaltung
obstacle-suspended = Diese Organisation ist gesperrt. Ihre Verwaltung kann Ihnen mehr sagen.
obstacle-not-approved = Ihre Organisation hat diese App nicht freigegeben. Fragen Sie ihre Verwaltung.
obstacle-blocked = Ihre Organisation hat diese App gesperrt. Fragen Sie ihre Verwaltung.
