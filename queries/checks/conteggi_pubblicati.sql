-- ---
-- title: {it: Le cifre che si possono contare coincidono con quelle pubblicate, en: Figures that can be counted agree with those published}
-- description:
--   it: "Comuni e piccoli comuni contati sull’elenco 2020 si confrontano con le cifre pubblicate che usano la stessa regola; dove differiscono si mostrano entrambe. Anche una cifra che manca è una differenza."
--   en: "Municipalities and small municipalities counted on the 2020 list are compared with the published figures that use the same rule; where they differ both are shown. A missing figure is a difference too."
-- severity: warning
-- ---
with
contati as (
    select
        'comuni_italiani' as indicatore,
        count(*) as contati
    from marts.comuni
    union all
    select
        'piccoli_comuni_italiani' as indicatore,
        count(*) as contati
    from marts.comuni
    where piccolo_comune
),

-- The other totals of small comuni (5,535 and 5,537) use another rule and year: they are set side by side in confronti.
final as (
    select
        cifre.id_cifra,
        contati.indicatore,
        cifre.valore as pubblicato,
        contati.contati
    from contati
    left join marts.cifre_ufficiali as cifre
        on cifre.indicatore = contati.indicatore
        and cifre.id_fonte = 'LINEAAMICA'
    where cifre.valore is distinct from contati.contati
)

select * from final
